import { describe, expect, it } from 'vitest';
import { utcRange, utcTime } from './utc-words.ts';

const at = Date.UTC(2026, 9, 4, 23, 58, 5, 900);

describe('times that leave this machine', () => {
  it('are UTC and say so', () => {
    expect(utcTime(at)).toBe('2026-10-04 23:58:05 UTC');
  });

  it('name the day once, unless the range crosses midnight', () => {
    expect(utcRange(at, at + 60_000)).toBe('2026-10-04 23:58:05 to 23:59:05 UTC');
    expect(utcRange(at, at + 300_000)).toBe('2026-10-04 23:58:05 to 2026-10-05 00:03:05 UTC');
  });
});
