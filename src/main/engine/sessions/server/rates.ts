import { type DatabaseRates, type Rates, rateNames } from '#shared/model/sessions/server.ts';
import type { DatabaseCounts } from './activity-rows.ts';

/**
 * Counts per second between two moments. A counter that went back was reset (or the server
 * restarted, or the database was made anew): what happened in between is not known.
 * @param intervalMs true length of the interval; null for the first sample
 */
export function ratesOf(
  before: readonly DatabaseCounts[],
  now: readonly DatabaseCounts[],
  intervalMs: number | null,
): DatabaseRates[] {
  const earlier = new Map(before.map((counts) => [counts.database, counts.counters]));
  return now.map(({ database, sessions, counters }) => {
    const was = earlier.get(database);
    const wasReset = counters.some((count, index) => (count ?? 0) < (was?.[index] ?? 0));
    const rate = (index: number): number | null => {
      const count = counters[index] ?? null;
      const previous = was?.[index] ?? null;
      if (count === null || previous === null || wasReset || !intervalMs) return null;
      return ((count - previous) * 1000) / intervalMs;
    };
    const rates = Object.fromEntries(rateNames.map((name, index) => [name, rate(index)])) as unknown as Rates;
    return { database, sessions, ...rates };
  });
}

/** Over all databases; null where no database has the figure. */
export function sumOfRates(databases: readonly DatabaseRates[]): Rates {
  const sum = (name: (typeof rateNames)[number]): number | null => {
    const known = databases.flatMap((database) => database[name] ?? []);
    return known.length === 0 ? null : known.reduce((total, rate) => total + rate, 0);
  };
  return Object.fromEntries(rateNames.map((name) => [name, sum(name)])) as unknown as Rates;
}
