import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatCountTick,
  formatDuration,
  formatDurationTick,
  formatPercent,
  formatRate,
} from './formats.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.001, '<0.01 ms'],
    [0.04, '0.04 ms'],
    [0.0949, '0.09 ms'],
    [0.4, '0.4 ms'],
    [4, '4.0 ms'],
    [9.949, '9.9 ms'],
    [9.96, '10 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1200, '1.2 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
  ])('writes %d ms as "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatDurationTick', () => {
  it.each([
    [0, '0'],
    [0.05, '0.05 ms'],
    [2.5, '2.5 ms'],
    [750, '750 ms'],
    [1500, '1.5 s'],
    [90_000, '1.5 min'],
  ])('labels %d ms as "%s"', (ms, text) => {
    expect(formatDurationTick(ms)).toBe(text);
  });
});

describe('counts, rates and percentages', () => {
  it('sets thousands apart', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('shortens axis labels without losing round values', () => {
    expect([0, 0.2, 2.5, 250, 1250, 3_000_000].map(formatCountTick)).toEqual([
      '0',
      '0.2',
      '2.5',
      '250',
      '1.25k',
      '3M',
    ]);
  });

  it('keeps a decimal for slow rates only', () => {
    expect([0, 0.4, 4.25, 9.96, 320.4, 12345].map(formatRate)).toEqual([
      '0/s',
      '0.4/s',
      '4.3/s',
      '10/s',
      '320/s',
      '12,345/s',
    ]);
  });

  it('says 100 % only when full and 0 % only when empty', () => {
    expect([0, 0.001, 0.7, 0.999, 1].map(formatPercent)).toEqual(['0 %', '1 %', '70 %', '99 %', '100 %']);
  });
});
