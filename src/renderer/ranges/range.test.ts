import { describe, expect, it } from 'vitest';
import { fixedRange, type Range, stepped, zoomedOut } from './range.ts';
import { liveAgain, popped, pushed, replaced, stackOf } from './range-stack.ts';
import { formatSpan, rangeLabel } from './range-words.ts';

const nowMs = Date.UTC(2026, 10, 21, 14, 30, 20);
const hourMs = 3_600_000;
const hour: Range = { kind: 'live', spanMs: hourMs };
const fixed = (fromMs: number, toMs: number): Range => ({ kind: 'fixed', fromMs, toMs });

describe('stepping', () => {
  it('goes to the range just before, which stands still', () => {
    expect(stepped(hour, -1, nowMs)).toEqual(fixed(nowMs - 2 * hourMs, nowMs - hourMs));
  });

  it('is live again when it comes to now', () => {
    const before = stepped(stepped(hour, -1, nowMs), -1, nowMs);
    expect(stepped(before, 1, nowMs)).toEqual(fixed(nowMs - 2 * hourMs, nowMs - hourMs));
    expect(stepped(stepped(before, 1, nowMs), 1, nowMs)).toEqual(hour);
  });
});

describe('zooming out', () => {
  it('keeps a live range live, and the middle of a fixed one', () => {
    expect(zoomedOut(hour, nowMs)).toEqual({ kind: 'live', spanMs: 2 * hourMs });
    expect(zoomedOut(fixed(nowMs - 9 * hourMs, nowMs - 8 * hourMs), nowMs)).toEqual(
      fixed(nowMs - 9.5 * hourMs, nowMs - 7.5 * hourMs),
    );
  });

  it('does not reach into the future', () => {
    expect(zoomedOut(fixed(nowMs - hourMs, nowMs), nowMs)).toEqual(fixed(nowMs - 2 * hourMs, nowMs));
  });
});

it('a zoom on less than ten seconds shows ten', () => {
  const range = fixedRange({ fromMs: nowMs - 100_500, toMs: nowMs - 99_500 }, nowMs);
  expect(range).toEqual(fixed(nowMs - 105_000, nowMs - 95_000));
});

describe('going back', () => {
  const zoomed = pushed(
    pushed(stackOf(hour), fixed(nowMs - hourMs, nowMs - 1000)),
    fixed(nowMs - 9000, nowMs - 1000),
  );

  it('undoes zooms one by one, and then nothing', () => {
    const once = popped(zoomed);
    expect(once.current).toEqual(fixed(nowMs - hourMs, nowMs - 1000));
    expect(popped(once).current).toEqual(hour);
    expect(popped(popped(once))).toEqual(stackOf(hour));
  });

  it('knows the range before the zoom also after steps', () => {
    const moved = replaced(zoomed, fixed(nowMs - 20_000, nowMs - 11_000));
    expect(popped(moved)).toEqual(popped(zoomed));
  });

  it('does not remember a zoom that changed nothing', () => {
    expect(pushed(zoomed, { ...zoomed.current })).toBe(zoomed);
  });

  it('goes live with the range zoomed from, or as long a one', () => {
    expect(liveAgain(zoomed)).toEqual(hour);
    expect(liveAgain(stackOf(fixed(nowMs - 9000, nowMs)))).toEqual({ kind: 'live', spanMs: 9000 });
  });
});

describe('ranges in words', () => {
  it('say a length by its two largest units', () => {
    expect(
      [40_000, 7_800_000, 13 * hourMs, 36 * hourMs, 60 * hourMs, 7 * 24 * hourMs].map(formatSpan),
    ).toEqual(['40 s', '2 h 10 min', '13 h', '36 h', '2 d 12 h', '7 d']);
  });

  it('say a day only where it is needed', () => {
    const label = (fromMs: number, toMs: number) => rangeLabel(fixed(fromMs, toMs), 'utc', nowMs);
    const day = Date.UTC(2026, 10, 20);
    expect(rangeLabel({ kind: 'live', spanMs: 13 * hourMs }, 'utc', nowMs)).toBe('Last 13 h');
    expect(label(day, day + 24 * hourMs)).toBe('20 Nov UTC');
    expect(label(day + 9 * hourMs, day + 10.5 * hourMs)).toBe('20 Nov 09:00 – 10:30 UTC');
    expect(label(day + 9 * hourMs, day + 33 * hourMs)).toBe('20 Nov 09:00 – today 09:00 UTC');
    expect(label(day + 33 * hourMs, day + 34 * hourMs)).toBe('09:00 – 10:00 UTC');
    expect(label(day - 15 * hourMs, day + 9 * hourMs)).toBe('19 Nov 09:00 – 20 Nov 09:00 UTC');
  });
});
