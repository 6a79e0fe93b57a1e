import { describe, expect, it } from 'vitest';
import { bucketStepMs } from './bucket-steps.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

describe('the length of a bucket', () => {
  it.each([
    ['5 minutes', 5 * minuteMs, 1000],
    ['1 hour', hourMs, 15_000],
    ['6 hours', 6 * hourMs, 2 * minuteMs],
    ['24 hours', dayMs, 5 * minuteMs],
    ['7 days', 7 * dayMs, hourMs],
    ['30 days', 30 * dayMs, 3 * hourMs],
    ['a year', 365 * dayMs, 2 * dayMs],
    ['a century', 36_500 * dayMs, 122 * dayMs],
  ])('for %s in 300 points is one that people read off an axis', (_name, spanMs, expected) => {
    expect(bucketStepMs(spanMs, 300)).toBe(expected);
    expect(spanMs / bucketStepMs(spanMs, 300)).toBeLessThanOrEqual(300);
  });
});
