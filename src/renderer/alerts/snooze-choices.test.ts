import { describe, expect, it } from 'vitest';
import { snoozedWords, snoozeLengths } from './snooze-choices.ts';

const minutes = (nowMs: number) => snoozeLengths(nowMs).map(({ durationMs }) => durationMs / 60_000);

describe('for how long one can snooze', () => {
  it('ends with the day, by the clock of whoever looks', () => {
    expect(minutes(new Date(2026, 10, 20, 22, 0, 0).getTime())).toEqual([15, 60, 480, 120]);
  });

  it('is never next to nothing', () => {
    expect(minutes(new Date(2026, 10, 20, 23, 59, 30).getTime()).at(-1)).toBe(15);
  });
});

it('says what is kept quiet', () => {
  const words = (ruleId: string | null, profileId: string | null) =>
    snoozedWords(
      { ruleId, profileId },
      () => 'Utilization',
      () => 'Orders',
    );
  expect(words('r', 'p')).toBe('“Utilization” of Orders');
  expect(words('r', null)).toBe('“Utilization” of every connection');
  expect(words(null, 'p')).toBe('Everything of Orders');
  expect(words(null, null)).toBe('Every alert');
});
