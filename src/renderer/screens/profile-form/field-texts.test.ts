import { describe, expect, it } from 'vitest';
import { durationHint } from './field-texts.ts';

describe('the hint beside a number of milliseconds', () => {
  it('uses the largest unit that fits', () => {
    expect(durationHint(1000)).toBe('1 s');
    expect(durationHint(30_000)).toBe('30 s');
    expect(durationHint(90_000)).toBe('1.5 min');
    expect(durationHint(7_200_000)).toBe('2 h');
    expect(durationHint(604_800_000)).toBe('7 d');
  });

  it('is absent below a second and for what is no number', () => {
    expect(durationHint(999)).toBe('');
    expect(durationHint(0)).toBe('');
    expect(durationHint(Number.NaN)).toBe('');
  });
});
