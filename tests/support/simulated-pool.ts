import type { PoolSample } from '#shared/model/pool-sample.ts';
import { seededRandom } from '#shared/model/seeded-random.ts';
import { histogramOf, sampleAt } from './samples.ts';

interface Load {
  size: number;
  minutes: number;
  arrivalsPerS: number;
  holdMs: number;
  /** Requests at once every so often, on top. */
  burst?: { size: number; everyS: number };
  seed?: number;
}

const startMs = 60_000 * 29_000_000;

/**
 * Samples of a pool under independent callers with exponential holds, first come first served, as
 * recording it second by second would give them. Knows nothing of the model that is tested with it.
 */
export function simulatedPool({ size, minutes, arrivalsPerS, holdMs, burst, seed = 1 }: Load): PoolSample[] {
  const random = seededRandom(seed);
  const exponential = (meanMs: number) => -Math.log(1 - random()) * meanMs;
  const seconds = minutes * 60;
  const arrivals: number[] = [];
  for (let atMs = exponential(1000 / arrivalsPerS); atMs < seconds * 1000; ) {
    arrivals.push(atMs);
    atMs += exponential(1000 / arrivalsPerS);
  }
  if (burst !== undefined) {
    for (let atS = 3; atS < seconds; atS += burst.everyS) {
      for (let i = 0; i < burst.size; i += 1) arrivals.push(atS * 1000);
    }
  }
  arrivals.sort((a, b) => a - b);
  const freeAtMs = new Array<number>(size).fill(0);
  const served = arrivals.map((arrivedMs) => {
    let first = 0;
    for (let k = 1; k < size; k += 1) if ((freeAtMs[k] ?? 0) < (freeAtMs[first] ?? 0)) first = k;
    const beganMs = Math.max(arrivedMs, freeAtMs[first] ?? 0);
    const endedMs = beganMs + exponential(holdMs);
    freeAtMs[first] = endedMs;
    return { arrivedMs, beganMs, endedMs };
  });
  const bySecond = <T>(items: readonly T[], timeOf: (item: T) => number): T[][] => {
    const found: T[][] = Array.from({ length: seconds }, () => []);
    for (const item of items) found[Math.floor(timeOf(item) / 1000)]?.push(item);
    return found;
  };
  const began = bySecond(served, (one) => one.beganMs);
  const ended = bySecond(served, (one) => one.endedMs);
  // Everything that changes a gauge, in order of time; a request that need not wait never pends.
  const changes = served
    .flatMap(({ arrivedMs, beganMs, endedMs }) => [
      { atMs: beganMs, used: 1, pending: beganMs > arrivedMs ? -1 : 0 },
      { atMs: endedMs, used: -1, pending: 0 },
      ...(beganMs > arrivedMs ? [{ atMs: arrivedMs, used: 0, pending: 1 }] : []),
    ])
    .sort((a, b) => a.atMs - b.atMs || a.used - b.used);
  const changed = bySecond(changes, ({ atMs }) => atMs);
  let [used, pending] = [0, 0];
  return Array.from({ length: seconds }, (_, second) => {
    const [begun, done] = [began[second] ?? [], ended[second] ?? []];
    let [usedPeak, pendingPeak] = [used, pending];
    for (const change of changed[second] ?? []) {
      used += change.used;
      pending += change.pending;
      usedPeak = Math.max(usedPeak, used);
      pendingPeak = Math.max(pendingPeak, pending);
    }
    return sampleAt(startMs + second * 1000 + 500, {
      ...{ used, idle: size - used, pending, usedPeak, pendingPeak, max: size },
      ...{ acquired: begun.length, released: done.length },
      waitMs: histogramOf(begun.map((one) => one.beganMs - one.arrivedMs)),
      holdMs: histogramOf(done.map((one) => one.endedMs - one.beganMs)),
    });
  });
}
