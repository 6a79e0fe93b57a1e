import { describe, expect, it } from 'vitest';
import { nextValueAxis, valueAxis } from './value-axis.ts';

const counts = { least: 1, wholeNumbers: true };
const durations = { least: 1, wholeNumbers: false };

describe('valueAxis', () => {
  it('has a round top that holds the largest value, in at most four steps', () => {
    for (const max of [0.3, 1, 3, 7, 10, 11, 99, 101, 260, 1234, 99_999]) {
      const axis = valueAxis(max, durations);
      expect(axis.top).toBeGreaterThanOrEqual(max);
      expect(axis.ticks.length).toBeLessThanOrEqual(5);
      expect(axis.ticks.at(-1)).toBe(axis.top);
    }
  });

  it('labels whole numbers only when values are counts', () => {
    for (const max of [0, 1, 2, 3, 5, 10, 50]) {
      for (const tick of valueAxis(max, counts).ticks) expect(Number.isInteger(tick)).toBe(true);
    }
    expect(valueAxis(10, counts).ticks).toEqual([0, 3, 6, 9, 12]);
  });

  it('shows the least top when there is nothing', () => {
    expect(valueAxis(0, counts)).toEqual({ top: 1, ticks: [0, 1] });
    expect(valueAxis(0, durations).top).toBe(1);
  });
});

describe('nextValueAxis', () => {
  it('grows at once', () => {
    const axis = valueAxis(80, durations);
    expect(nextValueAxis(axis, 130, durations).top).toBeGreaterThanOrEqual(130);
  });

  it('does not shake when the maximum dances about a round number', () => {
    let axis = valueAxis(99, durations);
    const tops = [101, 99, 101, 98, 102, 97].map((max) => {
      axis = nextValueAxis(axis, max, durations);
      return axis.top;
    });
    expect(new Set(tops).size).toBe(1);
  });

  it('shrinks when the values have clearly fallen', () => {
    const axis = valueAxis(1000, durations);
    expect(nextValueAxis(axis, 40, durations).top).toBe(60);
  });

  it('keeps its identity while nothing changes', () => {
    const axis = valueAxis(80, durations);
    expect(nextValueAxis(axis, 79, durations)).toBe(axis);
  });
});
