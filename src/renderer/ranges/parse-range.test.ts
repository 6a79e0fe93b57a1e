import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatStamp } from '../time/clock.ts';
import { momentOf, type Zone } from '../time/zone.ts';
import { parseRange } from './parse-range.ts';

/** A Saturday, 14:30:20. */
const wall = { year: 2026, month: 11, day: 21, hour: 14, minute: 30, second: 20 };
const nowIn = (zone: Zone) => momentOf(wall, zone);

/** What a typed range comes to, written out; or the sentence it is refused with. */
function read(typed: string, zone: Zone = 'utc'): string {
  const parsed = parseRange(typed, { nowMs: nowIn(zone), zone });
  if (!parsed.ok) return parsed.message;
  const { range } = parsed;
  if (range.kind === 'live') return `last ${range.spanMs / 60_000} min`;
  return `${formatStamp(range.fromMs, zone)} to ${formatStamp(range.toMs, zone)}`;
}

describe('a length that ends now', () => {
  it.each([
    ['13h', 13 * 60],
    ['90m', 90],
    ['2d', 2880],
    [' 90 Min ', 90],
    ['1h 30m', 90],
    ['1h30m', 90],
    ['1.5 hours', 90],
    ['last 3 days', 3 * 1440],
    ['past hour', 60],
    ['last week', 7 * 1440],
    ['30 days', 30 * 1440],
    ['now-2h to now', 120],
    ['45s', 0.75],
  ])('%s', (typed, minutes) => {
    expect(read(typed)).toBe(`last ${minutes} min`);
  });
});

describe('a day', () => {
  it.each([
    ['yesterday', '2026-11-20 00:00:00 to 2026-11-21 00:00:00'],
    ['2026-11-19', '2026-11-19 00:00:00 to 2026-11-20 00:00:00'],
    ['20 Nov', '2026-11-20 00:00:00 to 2026-11-21 00:00:00'],
    ['November 20', '2026-11-20 00:00:00 to 2026-11-21 00:00:00'],
    ['24 Dec', '2025-12-24 00:00:00 to 2025-12-25 00:00:00'],
    ['monday', '2026-11-16 00:00:00 to 2026-11-17 00:00:00'],
    ['last saturday', '2026-11-14 00:00:00 to 2026-11-15 00:00:00'],
    ['3 days ago', 'Say when it ends: “3 days ago to …”, “3 days ago for 30m” or “since 3 days ago”.'],
  ])('%s is the whole of it', (typed, meant) => {
    expect(read(typed)).toBe(meant);
  });

  it('today goes as far as now', () => {
    expect(read('today')).toBe('2026-11-21 00:00:00 to 2026-11-21 14:30:20');
    expect(read('saturday')).toBe(read('today'));
  });
});

describe('a start and an end', () => {
  it.each([
    ['yesterday 9:00 to 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['yesterday at 9:00 until 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['yesterday 9:00-10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['yesterday 9:00 – 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['9:00 to 10:30 yesterday', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['from yesterday 9am to 10:30 am', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['between yesterday 9:00 and 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['yesterday 9:00 for 90m', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['today 13:00 to 14:00', '2026-11-21 13:00:00 to 2026-11-21 14:00:00'],
    ['9:00 to 10:30', '2026-11-21 09:00:00 to 2026-11-21 10:30:00'],
    ['2026-11-20 09:00 to 2026-11-20 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['2026-11-20 09:00 - 2026-11-20 10:30', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['2026-11-20T09:00:00Z to 2026-11-20T10:30:00Z', '2026-11-20 09:00:00 to 2026-11-20 10:30:00'],
    ['2026-11-20T09:00+01:00 to 2026-11-20T10:30+01:00', '2026-11-20 08:00:00 to 2026-11-20 09:30:00'],
    ['2026-11-18 to 2026-11-19', '2026-11-18 00:00:00 to 2026-11-20 00:00:00'],
    ['yesterday 22:00 to today 2:00', '2026-11-20 22:00:00 to 2026-11-21 02:00:00'],
    ['yesterday 22:00 to midnight', 'The range ends (20 Nov 00:00) before it starts (20 Nov 22:00).'],
    ['yesterday 22:00 to 24:00', '2026-11-20 22:00:00 to 2026-11-21 00:00:00'],
    ['20 nov 9:00 to noon', '2026-11-20 09:00:00 to 2026-11-20 12:00:00'],
    ['monday 9:00 to 10:00', '2026-11-16 09:00:00 to 2026-11-16 10:00:00'],
    ['now-2h to now-1h', '2026-11-21 12:30:20 to 2026-11-21 13:30:20'],
    ['now - 2h to now - 1h', '2026-11-21 12:30:20 to 2026-11-21 13:30:20'],
    ['2h ago to 1h ago', '2026-11-21 12:30:20 to 2026-11-21 13:30:20'],
    ['since yesterday 9:00', '2026-11-20 09:00:00 to 2026-11-21 14:30:20'],
    ['yesterday to today', '2026-11-20 00:00:00 to 2026-11-21 14:30:20'],
  ])('%s', (typed, meant) => {
    expect(read(typed)).toContain(meant);
  });

  it('is cut off at now where it reaches into the rest of today', () => {
    expect(read('today 14:00 to 15:00')).toBe('2026-11-21 14:00:00 to 2026-11-21 14:30:20');
  });

  it('goes by the zone chosen, unless it names one', () => {
    expect(read('yesterday 9:00 to 10:30', 'local')).toBe('2026-11-20 09:00:00 to 2026-11-20 10:30:00');
    const parsed = parseRange('2026-11-20T09:00Z to 2026-11-20T10:00Z', {
      nowMs: nowIn('local'),
      zone: 'local',
    });
    expect(parsed).toMatchObject({ range: { fromMs: Date.UTC(2026, 10, 20, 9) } });
  });
});

describe('what is no range gets a sentence', () => {
  it.each([
    ['', 'Type a range, such as “13h” or “yesterday 9:00 to 10:30”.'],
    ['banana', '“banana” is not a time.'],
    ['yesterday to banana', '“banana” is not a time.'],
    ['12 parsecs', '“12 parsecs” is not a time.'],
    ['15', 'Say what 15 counts: “15m”, “15h” or “15d”.'],
    ['yesterday 9:00', 'Say when it ends: “yesterday 9:00 to …”'],
    ['yesterday 25:00 to 26:00', '“25:00” is not a time of day.'],
    ['yesterday 9:61 to 10:00', '“9:61” is not a time of day.'],
    ['13pm to 14pm', '“13pm” is not a time of day.'],
    ['2026-02-30', 'The calendar has no 2026-02-30.'],
    ['20.11.2026 09:00 to 10:00', '“20.11.2026” could be read two ways.'],
    ['yesterday 10:30 to 9:00', 'The range ends (20 Nov 09:00) before it starts (20 Nov 10:30).'],
    ['now-1h to now-2h', 'before it starts'],
    ['yesterday 9:00 to 9:00', 'The range starts and ends at 20 Nov 09:00.'],
    ['today 15:00 to 16:00', '15:00 is in the future; now it is 14:30:20.'],
    ['2030-01-01 to 2030-01-02', '1 Jan 2030 00:00 is in the future'],
    ['yesterday 9:00 to 2026-11-25', '26 Nov 00:00 is in the future; the range can end now'],
    ['2009-05-01 to 2009-05-02', '2009-05-01 is 17 years ago; a range can start ten years ago at most.'],
    ['30 years', '1996-11-28 is 29 years ago'],
    ['5s', 'A range takes at least 10 seconds.'],
    ['yesterday 9:00:00 to 9:00:05', 'A range takes at least 10 seconds.'],
    ['9:00 to 10:00 to 11:00', 'A range has one start and one end'],
    ['x'.repeat(200), 'That is too long for a range.'],
  ])('%s', (typed, sentence) => {
    expect(read(typed)).toContain(sentence);
  });

  it('never throws, and never answers with a range that cannot be shown', () => {
    const nowMs = nowIn('utc');
    const words = [
      'now',
      '-',
      '2h',
      'to',
      'yesterday',
      '9:00',
      '2026-11-20',
      'last',
      '1e99',
      'day',
      'ago',
      ':',
    ];
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (typed) => {
        const parsed = parseRange(typed, { nowMs, zone: 'utc' });
        if (!parsed.ok) return parsed.message.length > 0;
        const { range } = parsed;
        return range.kind === 'live'
          ? range.spanMs >= 10_000
          : range.fromMs < range.toMs && range.toMs <= nowMs + 1000 && range.fromMs > 0;
      }),
    );
  });
});
