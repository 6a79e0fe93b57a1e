import { daysLater, type Zone } from '../time/zone.ts';
import { formatSpan } from './range-words.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What the range is laid over: the one just before it, or the same times an hour, a day or a week earlier. */
export const compareChoices = ['nothing', 'previous', 'hour', 'day', 'week'] as const;
export type CompareWith = (typeof compareChoices)[number];

const names = { hour: 'an hour earlier', day: 'yesterday', week: 'last week' } as const;
const lengths = { hour: hourMs, day: dayMs, week: 7 * dayMs } as const;

/** The choices that make sense for a span: none overlaps the range itself, none says the same twice. */
export function choicesFor(spanMs: number): { value: CompareWith; label: string }[] {
  const choices: { value: CompareWith; label: string }[] = [
    { value: 'nothing', label: 'Compare with…' },
    { value: 'previous', label: `Previous ${formatSpan(spanMs)}` },
  ];
  for (const value of ['hour', 'day', 'week'] as const) {
    if (lengths[value] > spanMs) choices.push({ value, label: `Same time ${names[value]}` });
  }
  return choices;
}

/**
 * How much earlier the other range lies, in milliseconds; null for none. A multiple of the bucket's
 * length where it can be, so that buckets lie on each other; a day is a day of the calendar.
 */
export function offsetOf(
  compareWith: CompareWith,
  { spanMs, toMs, bucketMs, zone }: { spanMs: number; toMs: number; bucketMs: number; zone: Zone },
): number | null {
  switch (compareWith) {
    case 'nothing':
      return null;
    case 'previous':
      return Math.ceil(spanMs / bucketMs) * bucketMs;
    case 'hour':
      return spanMs < hourMs ? hourMs : null;
    case 'day':
    case 'week': {
      if (spanMs >= lengths[compareWith]) return null;
      return toMs - daysLater(toMs, zone, compareWith === 'day' ? -1 : -7);
    }
  }
}

/** What the other range is called in legends. */
export function compareName(compareWith: CompareWith, spanMs: number): string {
  return choicesFor(spanMs).find(({ value }) => value === compareWith)?.label ?? '';
}
