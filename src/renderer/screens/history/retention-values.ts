import type { HistoryRetention } from '#shared/contract/history-storage.ts';
import { formatCount } from '../../charts/formats.ts';

/** As number inputs hold them: a number, or what was typed that is none. */
export interface RetentionValues {
  rawDays: number | string;
  rollupDays: number | string;
}

export type RetentionErrors = Partial<Record<keyof RetentionValues, string>>;

const limits = { rawDays: 366, rollupDays: 3660 } as const;

/** The values as the contract takes them, or a sentence for each that cannot be. */
export function checkedRetention(
  values: RetentionValues,
): { retention: HistoryRetention } | { errors: RetentionErrors } {
  const errors: RetentionErrors = {};
  const whole = (name: keyof RetentionValues): number => {
    const value = values[name] === '' ? Number.NaN : Number(values[name]);
    if (!Number.isInteger(value) || value < 1 || value > limits[name]) {
      errors[name] = `Enter a whole number of days from 1 to ${limits[name]}.`;
    }
    return value;
  };
  const retention = { rawDays: whole('rawDays'), rollupDays: whole('rollupDays') };
  if (
    errors.rawDays === undefined &&
    errors.rollupDays === undefined &&
    retention.rollupDays < retention.rawDays
  ) {
    errors.rollupDays = 'Minutes must be kept at least as long as the seconds they are made of.';
  }
  return Object.keys(errors).length > 0 ? { errors } : { retention };
}

const dayMs = 24 * 60 * 60_000;
const days = (count: number) => (count === 1 ? '1 day' : `${formatCount(count)} days`);

/** What a shorter retention deletes at once, in sentences; empty when it deletes nothing. */
export function lostByRetention(
  before: HistoryRetention,
  after: HistoryRetention,
  oldestAtMs: number | null,
  nowMs: number,
): string[] {
  const ageDays = oldestAtMs === null ? 0 : (nowMs - oldestAtMs) / dayMs;
  const lost: string[] = [];
  if (after.rawDays < before.rawDays && ageDays > after.rawDays) {
    lost.push(`Single seconds older than ${days(after.rawDays)} go; their minutes stay.`);
  }
  if (after.rollupDays < before.rollupDays && ageDays > after.rollupDays) {
    lost.push(`Everything older than ${days(after.rollupDays)} goes.`);
  }
  return lost;
}
