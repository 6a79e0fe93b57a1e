import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/model/seeded-random.ts';
import { erlangC } from '#shared/model/sizing/erlang.ts';
import { predictWait } from '#shared/model/sizing/queue.ts';
import { scatterOf } from '#shared/model/sizing/scatter.ts';
import { QueueWatch } from './queue-watch.ts';
import { gammaDraw } from './random.ts';
import { drawRequests, type LabRequest } from './requests.ts';

const moments = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, cs2: variance / mean ** 2 };
};
const gapsOf = (requests: readonly LabRequest[]) =>
  requests.map(({ dueMs }, i) => dueMs - (requests[i - 1]?.dueMs ?? 0));

describe('what the lab sends', () => {
  it.each([0.05, 0.5, 1, 2.5, 8])('varies as measured, around a mean of 1: Cs² %d', (cs2) => {
    const draw = gammaDraw(cs2, seededRandom(3));
    const found = moments(Array.from({ length: 200_000 }, draw));
    expect(found.mean).toBeCloseTo(1, 1);
    expect(found.cs2 / cs2).toBeGreaterThan(0.93);
    expect(found.cs2 / cs2).toBeLessThan(1.07);
  });

  it('is always the same where holds are', () => {
    const draw = gammaDraw(0, seededRandom(3));
    expect([draw(), draw(), draw()]).toEqual([1, 1, 1]);
  });

  it('has holds and gaps of the moments measured, and exactly their totals', () => {
    const traffic = { arrivalsPerS: 200, holdMs: 20, holdCs2: 2, arrivalCs2: 0.5 };
    const requests = drawRequests(traffic, 100_000, seededRandom(5));
    expect(requests).toHaveLength(20_000);
    const holds = moments(requests.map(({ holdMs }) => holdMs));
    expect(holds.mean).toBeCloseTo(20, 6);
    expect(holds.cs2 / 2).toBeCloseTo(1, 0);
    const gaps = gapsOf(requests);
    expect(moments(gaps).mean).toBeCloseTo(5, 2);
    expect(moments(gaps).cs2).toBeCloseTo(0.5, 1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(requests.at(-1)?.dueMs).toBeLessThanOrEqual(100_000);
  });

  it('is the same for the same seed, so that sizes are compared under the same requests', () => {
    const traffic = { arrivalsPerS: 50, holdMs: 20, holdCs2: 1, arrivalCs2: 1 };
    const drawn = (seed: number) => drawRequests(traffic, 10_000, seededRandom(seed));
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });
});

/** First come first served; mean wait of the requests as drawn. */
function meanWaitMs(size: number, requests: readonly LabRequest[]): number {
  const freeAtMs = new Array<number>(size).fill(0);
  let sumMs = 0;
  for (const { dueMs, holdMs } of requests) {
    const first = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startMs = Math.max(dueMs, freeAtMs[first] ?? 0);
    freeAtMs[first] = startMs + holdMs;
    sumMs += startMs - dueMs;
  }
  return sumMs / requests.length;
}

describe('how far a run is off by chance', () => {
  it.each([
    [4, 150, 20, 30],
    [5, 150, 20, 10],
    [10, 40, 200, 60],
  ])(
    'of %i connections under %i/s of %i ms for %i s holds in nearly all runs',
    (size, arrivalsPerS, holdMs, seconds) => {
      const traffic = { arrivalsPerS, holdMs, holdCs2: 1, arrivalCs2: 1 };
      const predicted = predictWait(traffic, size);
      const scatter = scatterOf(predicted, traffic, arrivalsPerS * seconds) ?? 0;
      const random = seededRandom(11);
      const offs = Array.from({ length: 200 }, () =>
        Math.abs(
          meanWaitMs(size, drawRequests(traffic, seconds * 1000, random)) / (predicted.meanWaitMs ?? 0) - 1,
        ),
      );
      const within = offs.filter((off) => off <= scatter).length;
      expect(within).toBeGreaterThan(176);
      // Not so wide that it would say nothing.
      expect(offs.filter((off) => off > scatter / 3).length).toBeGreaterThan(20);
    },
  );

  it('is less the longer it takes, and unknown where the queue has no end', () => {
    const traffic = { arrivalsPerS: 100, holdMs: 20, holdCs2: 1, arrivalCs2: 1 };
    const at = (requests: number) => scatterOf(predictWait(traffic, 3), traffic, requests) ?? 0;
    expect(at(4000)).toBeCloseTo(at(1000) / 2, 6);
    expect(scatterOf(predictWait(traffic, 2), traffic, 1000)).toBeNull();
    expect(scatterOf(predictWait(traffic, 3), traffic, 0)).toBeNull();
    expect(erlangC(3, 2)).toBeCloseTo(4 / 9, 3);
  });
});

describe('a queue', () => {
  const looks = (length: (second: number) => number, seconds: number, size = 4) => {
    const watch = new QueueWatch(size);
    return Array.from({ length: seconds * 10 }, (_, i) =>
      watch.onlyGrew(Math.floor(length(i / 10)), i * 100),
    ).some(Boolean);
  };

  it('that only grows is told within five seconds', () => {
    expect(looks((s) => s * 20, 6)).toBe(true);
    expect(looks((s) => s * 3, 6)).toBe(true);
  });

  it('that comes and goes, or stays, is let be', () => {
    expect(looks((s) => 30 + 30 * Math.sin(s * 2), 60)).toBe(false);
    expect(looks(() => 50, 60)).toBe(false);
    expect(looks((s) => s / 4, 20, 6)).toBe(false);
  });
});
