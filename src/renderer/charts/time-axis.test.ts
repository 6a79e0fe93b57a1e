import { describe, expect, it } from 'vitest';
import { frameFor, tickStepMs, tickTimesMs } from './time-axis.ts';

const minuteMs = 60_000;

describe('tickStepMs', () => {
  it('gives every window of the Live tab five to seven labels', () => {
    expect(tickStepMs(5 * minuteMs)).toBe(minuteMs);
    expect(tickStepMs(15 * minuteMs)).toBe(5 * minuteMs);
    expect(tickStepMs(60 * minuteMs)).toBe(10 * minuteMs);
  });
});

describe('tickTimesMs', () => {
  it('includes both ends when they are round', () => {
    expect(tickTimesMs(0, 2 * minuteMs, minuteMs, 0)).toEqual([0, minuteMs, 2 * minuteMs]);
  });

  it('is round to the reader where local time is not whole hours from UTC', () => {
    const nepalMs = (5 * 60 + 45) * minuteMs;
    const ticks = tickTimesMs(0, 30 * minuteMs, 10 * minuteMs, nepalMs);
    for (const tick of ticks) expect((tick + nepalMs) % (10 * minuteMs)).toBe(0);
    expect(ticks).toHaveLength(3);
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
