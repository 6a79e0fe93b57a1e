import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/model/seeded-random.ts';
import { histogramOf } from '../../../../tests/support/samples.ts';
import { squaredVariation } from '../histogram.ts';
import { arrivalVariation, indexOfDispersion } from './dispersion.ts';
import { erlangB, erlangC } from './erlang.ts';
import { classicSize, coresSize, deadlockFloor } from './formulas.ts';
import {
  highestUtilization,
  offeredLoad,
  predictCallersWait,
  predictWait,
  smallestSize,
  type Traffic,
} from './queue.ts';

describe('Erlang', () => {
  // Load that N trunks carry at 1 % blocking, as every printed table of Erlang B has it.
  it.each([
    [1, 0.0101],
    [2, 0.153],
    [5, 1.36],
    [10, 4.46],
    [20, 12.0],
    [50, 37.9],
    [100, 84.1],
  ])('B agrees with the printed table at %i servers', (servers, load) => {
    expect(erlangB(servers, load)).toBeCloseTo(0.01, 3);
  });

  it.each([
    [2, 1, 1 / 3],
    [3, 2, 4 / 9],
    [4, 3, 0.5094],
    [5, 4, 0.5541],
    [10, 8, 0.4092],
    // The call centre of every introduction: 10 erlangs and 11 to 14 agents.
    [11, 10, 0.682],
    [12, 10, 0.449],
    [13, 10, 0.285],
    [14, 10, 0.174],
  ])('C agrees with printed values at %i servers and %d erlangs', (servers, load, share) => {
    expect(erlangC(servers, load)).toBeCloseTo(share, 3);
  });

  it('stays within 0 and 1 for loads of thousands, where factorials overflow', () => {
    const anyLoad = fc.double({ min: 0.01, max: 5000, noNaN: true });
    const property = fc.property(anyLoad, fc.nat(300), (load, spare) => {
      const servers = Math.ceil(load) + spare;
      const [b, c, better] = [erlangB(servers, load), erlangC(servers, load), erlangC(servers + 1, load)];
      expect(b).toBeGreaterThanOrEqual(0);
      expect(b).toBeLessThanOrEqual(c);
      expect(c).toBeLessThanOrEqual(1);
      expect(better).toBeLessThanOrEqual(c);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

/** An independent simulation, first come first served: each arrival takes the connection free first. */
function simulate(size: number, count: number, nextGapMs: () => number, nextHoldMs: () => number) {
  const freeAtMs = new Array<number>(size).fill(0);
  const waits: number[] = [];
  let nowMs = 0;
  for (let i = 0; i < count; i += 1) {
    nowMs += nextGapMs();
    let first = 0;
    for (let k = 1; k < size; k += 1) if ((freeAtMs[k] ?? 0) < (freeAtMs[first] ?? 0)) first = k;
    const startMs = Math.max(nowMs, freeAtMs[first] ?? 0);
    freeAtMs[first] = startMs + nextHoldMs();
    waits.push(startMs - nowMs);
  }
  const measured = waits.slice(count / 10).sort((a, b) => a - b);
  return {
    meanMs: measured.reduce((sum, wait) => sum + wait, 0) / measured.length,
    p95Ms: measured[Math.floor(measured.length * 0.95)] ?? Number.NaN,
    waitShare: measured.filter((wait) => wait > 0).length / measured.length,
  };
}

const random = seededRandom(7);
const exponential = (meanMs: number) => () => -Math.log(1 - random()) * meanMs;

describe('predicted waits', () => {
  it.each([
    [4, 150, 20],
    [5, 160, 25],
    [12, 40, 250],
  ])('agree with a simulation of %i connections under %i/s of %i ms each', (size, arrivalsPerS, holdMs) => {
    const traffic = { arrivalsPerS, holdMs, holdCs2: 1, arrivalCs2: 1 };
    const found = simulate(size, 400_000, exponential(1000 / arrivalsPerS), exponential(holdMs));
    const predicted = predictWait(traffic, size);
    expect(predicted.waitShare / found.waitShare).toBeCloseTo(1, 1);
    expect(Math.abs((predicted.meanWaitMs ?? 0) / found.meanMs - 1)).toBeLessThan(0.08);
    expect(Math.abs((predicted.waitP95Ms ?? 0) / found.p95Ms - 1)).toBeLessThan(0.08);
  });

  it.each([
    ['the same each time', () => 20, 0],
    // Nine in ten take 10 ms, the tenth 110: mean 20, Cs² 2.25.
    ['of two kinds', () => (random() < 0.9 ? 10 : 110), 2.25],
  ])('agree within a fifth when holds are %s', (_name, hold, holdCs2) => {
    const found = simulate(4, 400_000, exponential(1000 / 155), hold);
    const predicted = predictWait({ arrivalsPerS: 155, holdMs: 20, holdCs2, arrivalCs2: 1 }, 4);
    expect(Math.abs((predicted.meanWaitMs ?? 0) / found.meanMs - 1)).toBeLessThan(0.2);
    expect(Math.abs((predicted.waitP95Ms ?? 0) / found.p95Ms - 1)).toBeLessThan(0.25);
  });

  it.each([
    [4, 150],
    [5, 155],
    [10, 320],
  ])(
    'of %i connections agree within a twentieth under %i/s that take the same each time',
    (size, arrivalsPerS) => {
      const found = simulate(size, 400_000, exponential(1000 / arrivalsPerS), () => 20);
      const { meanWaitMs } = predictWait({ arrivalsPerS, holdMs: 20, holdCs2: 0, arrivalCs2: 1 }, size);
      expect(Math.abs((meanWaitMs ?? 0) / found.meanMs - 1)).toBeLessThan(0.05);
    },
  );

  const anyTraffic = fc.record<Traffic>({
    arrivalsPerS: fc.double({ min: 0.01, max: 2000, noNaN: true }),
    holdMs: fc.double({ min: 0.1, max: 300, noNaN: true }),
    holdCs2: fc.double({ min: 0, max: 20, noNaN: true }),
    arrivalCs2: fc.double({ min: 0.1, max: 20, noNaN: true }),
  });

  it('never get longer with one more connection', () => {
    const property = fc.property(anyTraffic, fc.integer({ min: 1, max: 700 }), (traffic, size) => {
      const [now, then] = [predictWait(traffic, size), predictWait(traffic, size + 1)];
      expect(then.meanWaitMs ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
        now.meanWaitMs ?? Number.POSITIVE_INFINITY,
      );
      expect(then.waitP95Ms ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
        now.waitP95Ms ?? Number.POSITIVE_INFINITY,
      );
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('meet the target at the recommended size, and not one connection earlier', () => {
    const target = fc.double({ min: 0, max: 1000, noNaN: true });
    const property = fc.property(anyTraffic, target, (traffic, targetWaitMs) => {
      const size = smallestSize(traffic, targetWaitMs);
      if (size === null) return;
      const meets = (count: number) => {
        const { utilization, waitP95Ms, meanWaitMs } = predictWait(traffic, count);
        return (
          utilization <= highestUtilization + 1e-9 &&
          Math.max(waitP95Ms ?? Infinity, meanWaitMs ?? Infinity) <= targetWaitMs
        );
      };
      expect(meets(size)).toBe(true);
      if (size > 1) expect(meets(size - 1)).toBe(false);
      expect(size).toBeGreaterThanOrEqual(offeredLoad(traffic));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('of callers that ask again at once are none as soon as each has a connection', () => {
    expect(predictCallersWait(50, 100, 5)).toMatchObject({ utilization: 1, meanWaitMs: 900 });
    expect(predictCallersWait(50, 100, 50)).toMatchObject({ utilization: 1, waitP95Ms: 0 });
    expect(predictCallersWait(50, 100, 60).utilization).toBeCloseTo(50 / 60);
  });
});

describe('variability', () => {
  it('of holds is read from their histogram', () => {
    expect(squaredVariation(histogramOf([]))).toBeNull();
    expect(squaredVariation(histogramOf(new Array(100).fill(20)))).toBeCloseTo(0, 6);
    const draw = exponential(20);
    const holds = Array.from({ length: 50_000 }, draw);
    expect(squaredVariation(histogramOf(holds))).toBeCloseTo(1, 1);
  });

  it('of arrivals is 1 for independent callers, and more for bursts', () => {
    const perSecond = (gap: () => number, seconds: number) => {
      const counts = new Array<number>(seconds).fill(0);
      for (let atMs = gap(); atMs < seconds * 1000; atMs += gap()) {
        const second = Math.floor(atMs / 1000);
        counts[second] = (counts[second] ?? 0) + 1;
      }
      return counts;
    };
    expect(indexOfDispersion(perSecond(exponential(10), 3000))).toBeCloseTo(1, 0);
    expect(indexOfDispersion(perSecond(() => 10, 300))).toBeLessThan(0.1);
    expect(indexOfDispersion([...new Array(30).fill(0), ...new Array(30).fill(20)])).toBeGreaterThan(8);
    expect(indexOfDispersion([1, 2, 3])).toBeNull();

    // What independent callers scatter by chance in a few minutes is no unevenness.
    const runs = Array.from({ length: 40 }, () => arrivalVariation(perSecond(exponential(10), 150)));
    expect(runs.filter((variation) => variation === 1).length).toBeGreaterThanOrEqual(37);
    expect(arrivalVariation(perSecond(() => 10, 300))).toBeLessThan(0.1);
    expect(arrivalVariation([...new Array(30).fill(0), ...new Array(30).fill(20)])).toBeGreaterThan(8);
    expect(arrivalVariation([1, 2, 3])).toBeNull();
  });
});

describe('rules of thumb', () => {
  it('are what their authors wrote', () => {
    expect(classicSize(100, 50, 0.8)).toBe(7);
    expect(classicSize(1, 1, 0.8)).toBe(1);
    expect(coresSize(4, 1)).toBe(9);
    expect(deadlockFloor(3, 4)).toBe(10);
    expect(deadlockFloor(50, 1)).toBe(1);
  });
});
