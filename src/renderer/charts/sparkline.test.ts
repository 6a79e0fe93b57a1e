import { describe, expect, it } from 'vitest';
import { sparklinePath } from './sparkline.tsx';

describe('sparklinePath', () => {
  it('ends at the right edge, however few values there are', () => {
    expect(sparklinePath([0, 10], 11, 10, 100, 22)).toBe('M90 21L100 1');
  });

  it('leaves a gap where there is no value', () => {
    expect(sparklinePath([5, 5, null, 5], 4, 10, 30, 22)).toBe('M0 11L10 11M30 11h.1');
  });

  it('stays inside its box when a value exceeds the top', () => {
    expect(sparklinePath([99, 0], 2, 10, 10, 22)).toBe('M0 1L10 21');
  });

  it('draws nothing without values, and a flat line when the top is 0', () => {
    expect(sparklinePath([], 60, 10, 100, 20)).toBe('');
    expect(sparklinePath([0, 0], 2, 0, 10, 22)).toBe('M0 21L10 21');
  });
});
