import { describe, expect, it } from 'vitest';
import { ratesOf, sumOfRates } from './rates.ts';

const counts = (database: string, ...counters: (number | null)[]) => ({ database, sessions: 1, counters });

describe('rates of a database', () => {
  it('divide by the true length of the interval', () => {
    const [rates] = ratesOf([counts('shop', 100, 10)], [counts('shop', 160, 13)], 1500);
    expect(rates).toMatchObject({ commitsPerS: 40, rollbacksPerS: 2, sessionsPerS: null });
  });

  it('are unknown in the first sample, after a reset, and for a database that is new', () => {
    const unknown = { commitsPerS: null, rollbacksPerS: null };
    expect(ratesOf([], [counts('shop', 5, 1)], null)).toMatchObject([unknown]);
    // Rollbacks have passed their old count again; the commits tell that there was a reset.
    expect(ratesOf([counts('shop', 100, 1)], [counts('shop', 7, 2)], 1000)).toMatchObject([unknown]);
    expect(ratesOf([counts('shop', 1, 1)], [counts('new', 7, 2)], 1000)).toMatchObject([unknown]);
  });

  it('add up over the databases that have them', () => {
    const rates = ratesOf(
      [counts('a', 0, 0), counts('b', 0, 0)],
      [counts('a', 10, 1), counts('b', 20, 0), counts('c', 5, 5)],
      1000,
    );
    expect(sumOfRates(rates)).toMatchObject({ commitsPerS: 30, rollbacksPerS: 1, killedPerS: null });
  });
});
