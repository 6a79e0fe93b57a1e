import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayToHalfSecondMs, delayToNextTickMs } from './sampler.ts';

describe('the sampling clock', () => {
  it('ticks at the half second', () => {
    expect(delayToNextTickMs(10_000)).toBe(500);
    expect(delayToNextTickMs(10_500)).toBe(1000);
    expect(delayToNextTickMs(10_620)).toBe(880);
    expect(delayToNextTickMs(10_499.4)).toBeCloseTo(1000.6);
  });

  it('begins with the next half second, so that a pool just opened is soon seen', () => {
    expect(delayToHalfSecondMs(10_000)).toBe(500);
    expect(delayToHalfSecondMs(10_490)).toBe(10);
    expect(delayToHalfSecondMs(10_500)).toBe(1000);
  });

  it('gives every second exactly one sample while ticks come up to 490 ms late or a little early', () => {
    const jitter = fc.double({ min: -2, max: 490, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.array(jitter, { minLength: 2, maxLength: 50 }),
        (start, jitters) => {
          let nowMs = start;
          const seconds: number[] = [];
          for (const late of jitters) {
            nowMs += delayToNextTickMs(nowMs) + late;
            seconds.push(Math.floor(nowMs / 1000));
          }
          const [first = 0] = seconds;
          expect(seconds).toEqual(seconds.map((_, index) => first + index));
        },
      ),
    );
  });

  it('makes one tick after a sleep, not one for every second slept', () => {
    const wokeAtMs = 3_600_000 + 123;
    expect(delayToNextTickMs(wokeAtMs)).toBe(1377);
  });
});
