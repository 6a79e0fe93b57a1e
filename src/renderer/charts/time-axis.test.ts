import { describe, expect, it } from 'vitest';
import { frameFor as frameIn, type TimeFrame, tickLabel, tickStepMs, tickTimesMs } from './time-axis.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const frameFor = (previous: TimeFrame | null, window: { fromMs: number; toMs: number }, phase: number) =>
  frameIn(previous, window, phase, 'utc');

describe('tickStepMs', () => {
  it('gives every range of the toolbar three to seven labels', () => {
    expect(tickStepMs(5 * minuteMs)).toBe(minuteMs);
    expect(tickStepMs(15 * minuteMs)).toBe(5 * minuteMs);
    expect(tickStepMs(60 * minuteMs)).toBe(10 * minuteMs);
    expect(tickStepMs(6 * hourMs)).toBe(hourMs);
    expect(tickStepMs(dayMs)).toBe(4 * hourMs);
    expect(tickStepMs(7 * dayMs)).toBe(dayMs);
    expect(tickStepMs(30 * dayMs)).toBe(5 * dayMs);
  });

  it('gives no more of them to any range a bundle may claim', () => {
    for (const years of [5, 10, 100, 8000]) {
      const windowMs = years * 365.25 * dayMs;
      expect(windowMs / tickStepMs(windowMs)).toBeLessThanOrEqual(7);
    }
  });
});

describe('tickTimesMs', () => {
  it('includes both ends when they are round', () => {
    expect(tickTimesMs(0, 2 * minuteMs, minuteMs, () => 0)).toEqual([0, minuteMs, 2 * minuteMs]);
  });

  it('is round to the reader where local time is not whole hours from UTC', () => {
    const nepalMs = (5 * 60 + 45) * minuteMs;
    const ticks = tickTimesMs(0, 30 * minuteMs, 10 * minuteMs, () => nepalMs);
    for (const tick of ticks) expect((tick + nepalMs) % (10 * minuteMs)).toBe(0);
    expect(ticks).toHaveLength(3);
  });
});

describe('ticks across a clock change', () => {
  // Clocks go back an hour at 10:00 UTC of the second day.
  const changeMs = dayMs + 10 * hourMs;
  const offsetAt = (atMs: number) => (atMs < changeMs ? -4 * hourMs : -5 * hourMs);

  it('stand at midnight on both sides', () => {
    const ticks = tickTimesMs(0, 4 * dayMs, dayMs, offsetAt);
    expect(ticks).toEqual([4 * hourMs, dayMs + 4 * hourMs, 2 * dayMs + 5 * hourMs, 3 * dayMs + 5 * hourMs]);
  });

  it('never stand twice in one place', () => {
    const ticks = tickTimesMs(dayMs, 2 * dayMs, hourMs, offsetAt);
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
  });
});

describe('tick labels', () => {
  const label = (windowMs: number, atMs: number) =>
    tickLabel(atMs, frameFor(null, { fromMs: 10 * dayMs, toMs: 10 * dayMs + windowMs }, 0));

  it('are as fine as the step, and name the day where one begins', () => {
    expect(label(30_000, 10 * dayMs + 5000)).toBe('00:00:05');
    expect(label(hourMs, 10 * dayMs + 10 * minuteMs)).toBe('00:10');
    expect(label(dayMs, 11 * dayMs)).toBe('12 Jan');
    expect(label(30 * dayMs, 15 * dayMs)).toBe('16 Jan');
  });
});

describe('frameFor', () => {
  const windowAt = (toMs: number, windowMs = 5 * minuteMs) => ({ fromMs: toMs - windowMs, toMs });

  it('stays the same while the window slides by one tick step', () => {
    const first = frameFor(null, windowAt(10 * minuteMs), 0);
    expect(frameFor(first, windowAt(10.5 * minuteMs), 0)).toBe(first);
    expect(frameFor(first, windowAt(11 * minuteMs), 0)).toBe(first);
    expect(frameFor(first, windowAt(11 * minuteMs + 1000), 0)).not.toBe(first);
  });

  it('holds the whole window whatever the phase', () => {
    for (const phase of [0, 0.3, 0.9]) {
      const window = windowAt(10 * minuteMs);
      const frame = frameFor(null, window, phase);
      expect(frame.fromMs).toBeLessThanOrEqual(window.fromMs);
      expect(frame.toMs).toBeGreaterThanOrEqual(window.toMs);
    }
  });

  it('keeps charts of different phase apart after the first step', () => {
    const frames = [0, 0.5].map((phase) => frameFor(null, windowAt(10 * minuteMs), phase));
    const [a, b] = frames as [(typeof frames)[0], (typeof frames)[0]];
    const moved = frameFor(b, windowAt(10.6 * minuteMs), 0.5);
    expect(moved).not.toBe(b);
    expect(frameFor(a, windowAt(10.6 * minuteMs), 0)).toBe(a);
  });

  it('starts anew when the window changes length or time runs backwards', () => {
    const first = frameFor(null, windowAt(10 * minuteMs), 0);
    expect(frameFor(first, windowAt(10 * minuteMs, 15 * minuteMs), 0).windowMs).toBe(15 * minuteMs);
    expect(frameFor(first, windowAt(9 * minuteMs), 0).fromMs).toBe(4 * minuteMs);
  });
});
