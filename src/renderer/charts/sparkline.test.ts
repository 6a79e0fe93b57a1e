import { describe, expect, it } from 'vitest';
import { sparklinePaths } from './sparkline.tsx';

const lineOf = (...given: Parameters<typeof sparklinePaths>) => sparklinePaths(...given).line;

describe('a sparkline', () => {
  it('ends at the right edge, however few values there are', () => {
    expect(lineOf([0, 10], 11, 10, 100, 22)).toBe('M90 21L100 1');
  });

  it('leaves a gap where there is no value', () => {
    expect(lineOf([5, 5, null, 5, 5], 5, 10, 40, 22)).toBe('M0 11L10 11M30 11L40 11');
  });

  it('shows a value alone between gaps as a dot', () => {
    expect(sparklinePaths([5, 5, null, 5, null], 5, 10, 40, 22)).toEqual({
      line: 'M0 11L10 11',
      dots: 'M30 11h0',
    });
    expect(sparklinePaths([5], 60, 10, 100, 22)).toEqual({ line: '', dots: 'M100 11h0' });
  });

  it('leaves out what is older than its slots', () => {
    expect(sparklinePaths([1, 2, 5, 5], 2, 10, 10, 22)).toEqual({ line: 'M0 11L10 11', dots: '' });
  });

  it('stays inside its box when a value exceeds the top', () => {
    expect(lineOf([99, 0], 2, 10, 10, 22)).toBe('M0 1L10 21');
  });

  it('draws nothing without values, and a flat line when the top is 0', () => {
    expect(sparklinePaths([], 60, 10, 100, 20)).toEqual({ line: '', dots: '' });
    expect(lineOf([0, 0], 2, 0, 10, 22)).toBe('M0 21L10 21');
  });
});
