import { describe, expect, it } from 'vitest';
import { choicesFor, offsetOf } from './compare.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const toMs = Date.UTC(2026, 10, 21, 14, 30);
const ask = { toMs, bucketMs: 15_000, zone: 'utc' } as const;

describe('comparing with an earlier range', () => {
  it('offers what does not overlap the range itself, and nothing twice', () => {
    const labels = (spanMs: number) => choicesFor(spanMs).map(({ label }) => label);
    expect(labels(300_000)).toEqual([
      'Compare with…',
      'Previous 5 min',
      'Same time an hour earlier',
      'Same time yesterday',
      'Same time last week',
    ]);
    expect(labels(hourMs)).not.toContain('Same time an hour earlier');
    expect(labels(dayMs)).toEqual(['Compare with…', 'Previous 24 h', 'Same time last week']);
    expect(labels(30 * dayMs)).toEqual(['Compare with…', 'Previous 30 d']);
  });

  it('lies a whole number of buckets earlier, so that buckets lie on each other', () => {
    expect(offsetOf('previous', { ...ask, spanMs: 5_071_000, bucketMs: 30_000 })).toBe(5_100_000);
    expect(offsetOf('day', { ...ask, spanMs: hourMs })).toBe(dayMs);
    expect(offsetOf('week', { ...ask, spanMs: hourMs })).toBe(7 * dayMs);
  });

  it('is off where it would overlap', () => {
    expect(offsetOf('day', { ...ask, spanMs: 7 * dayMs })).toBeNull();
    expect(offsetOf('nothing', { ...ask, spanMs: hourMs })).toBeNull();
  });
});
