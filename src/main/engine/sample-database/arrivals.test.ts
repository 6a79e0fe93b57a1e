import { describe, expect, it } from 'vitest';
import { arrivalsPerSecond, burstsBy, nextGapMs } from './arrivals.ts';

describe('the arrivals of the synthetic load', () => {
  it('come at the rate asked for, on average', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const gaps = Array.from({ length: 20_000 }, () => nextGapMs(0, random));
    const meanMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(meanMs).toBeGreaterThan((1000 / arrivalsPerSecond(0)) * 0.95);
    expect(meanMs).toBeLessThan((1000 / arrivalsPerSecond(0)) * 1.05);
  });

  it('never stop, and swell and ebb', () => {
    const rates = Array.from({ length: 180 }, (_, second) => arrivalsPerSecond(second * 1000));
    expect(Math.min(...rates)).toBeGreaterThan(5);
    expect(Math.max(...rates)).toBeGreaterThan(3 * Math.min(...rates));
  });

  it('burst first after a few seconds, and then again', () => {
    expect(burstsBy(0)).toBe(0);
    expect(burstsBy(10_000)).toBe(1);
    expect(burstsBy(60_000)).toBe(3);
  });
});
