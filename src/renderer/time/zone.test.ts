import { describe, expect, it } from 'vitest';
import {
  formatClockWithZone,
  formatMoment,
  formatSpanWithZone,
  formatStamp,
  formatStampWithZone,
  formatUtcOffset,
  fromPickerValue,
  toPickerValue,
} from './clock.ts';
import { daysLater, momentOf, startOfDay, wallOf } from './zone.ts';

const atMs = Date.UTC(2026, 10, 21, 4, 3, 9);

describe('wall time', () => {
  it('comes back to the moment it was read from, in both zones', () => {
    for (const zone of ['local', 'utc'] as const) {
      expect(momentOf(wallOf(atMs, zone), zone)).toBe(atMs);
      expect(fromPickerValue(toPickerValue(atMs, zone), zone)).toBe(atMs);
    }
  });

  it('knows the days around a moment', () => {
    expect(startOfDay(atMs, 'utc')).toBe(Date.UTC(2026, 10, 21));
    expect(startOfDay(atMs, 'utc', -1)).toBe(Date.UTC(2026, 10, 20));
    expect(daysLater(atMs + 500, 'utc', -7)).toBe(Date.UTC(2026, 10, 14, 4, 3, 9) + 500);
  });
});

describe('moments in words', () => {
  it('name the day when it is not today, and the year when it is not this one', () => {
    const words = (ms: number) => formatMoment(ms, { zone: 'utc', nowMs: atMs });
    expect(words(atMs)).toBe('04:03:09');
    expect(words(atMs - 86_400_000)).toBe('20 Nov 04:03:09');
    expect(words(atMs - 366 * 86_400_000)).toBe('20 Nov 2025 04:03:09');
    expect(formatStamp(atMs, 'utc')).toBe('2026-11-21 04:03:09');
  });

  it('name their zone', () => {
    expect(formatClockWithZone(atMs, 'utc')).toBe('04:03:09 UTC');
  });

  it.each([
    [0, 'UTC'],
    [120, 'UTC+2'],
    [-480, 'UTC−8'],
    [330, 'UTC+5:30'],
    [-570, 'UTC−9:30'],
  ])('call %i minutes ahead of UTC %s', (minutes, zone) => {
    expect(formatUtcOffset(minutes)).toBe(zone);
  });

  it('are not read from a picker that holds none', () => {
    expect(fromPickerValue('', 'utc')).toBeNull();
    expect(fromPickerValue('2026-11-21T04:03', 'utc')).toBe(Date.UTC(2026, 10, 21, 4, 3));
  });
});

describe('times that leave this machine', () => {
  const lateMs = Date.UTC(2026, 9, 4, 23, 58, 5, 900);

  it('name their zone', () => {
    expect(formatStampWithZone(lateMs, 'utc')).toBe('2026-10-04 23:58:05 UTC');
  });

  it('name the day once, unless the range crosses midnight', () => {
    expect(formatSpanWithZone(lateMs, lateMs + 60_000, 'utc')).toBe('2026-10-04 23:58:05 to 23:59:05 UTC');
    expect(formatSpanWithZone(lateMs, lateMs + 300_000, 'utc')).toBe(
      '2026-10-04 23:58:05 to 2026-10-05 00:03:05 UTC',
    );
  });
});
