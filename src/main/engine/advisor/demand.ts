import type { Demand } from '#shared/model/advice.ts';
import { type Bucket, mergeBuckets } from '#shared/model/bucket.ts';
import { meanMs, squaredVariation } from '#shared/model/histogram.ts';
import { arrivalVariation } from '#shared/model/sizing/dispersion.ts';
import type { Traffic } from '#shared/model/sizing/queue.ts';
import type { Measured } from './evidence.ts';
import { atOnce, isSaturated, type Minute, minuteMs } from './minutes.ts';

/** A minute with fewer says little of how long holds are. */
const enoughHolds = 20;
/** Beyond these an estimate is noise: nothing is that regular, and no queue that wild is sized by formula. */
const lowestCs2 = 0.05;
const highestCs2 = 25;

/** A queue that never empties tells a demand all the same: more than this share gives up, … */
const gaveUpShare = 0.05;
/** … or it is longer by more than this share of itself than when it stopped emptying. */
const grownShare = 0.25;

/** Mean hold of a minute; of the whole range where the minute has too few. */
function holdOf(minute: Minute, overallMs: number): number {
  return minute.released >= enoughHolds && minute.holdMeanMs !== null ? minute.holdMeanMs : overallMs;
}

/**
 * Minutes in which the queue never emptied, did not grow and hardly anyone gave up: as many arrive as are
 * let through, because they wait for each other.
 */
function minutesOfCallers(minutes: readonly Minute[]): Set<Minute> {
  const found = new Set<Minute>();
  let shortest = 0;
  for (const [i, minute] of minutes.entries()) {
    if (!isSaturated(minute)) continue;
    const before = minutes[i - 1];
    const goesOn = before !== undefined && isSaturated(before) && before.maxSetting === minute.maxSetting;
    shortest = goesOn ? Math.min(shortest, minute.pendingMin) : minute.pendingMin;
    const hasGrown = minute.pendingLast - shortest > grownShare * minute.pendingMax;
    if (!hasGrown && minute.timeouts <= gaveUpShare * Math.max(1, minute.arrivals)) found.add(minute);
  }
  return found;
}

/** Connections that a minute would have kept busy, had there been enough of them, by Little's law. */
export const openLoadOf = (minute: Minute, overallHoldMs: number): number =>
  minute.coveredMs > 0 ? (minute.arrivals / minute.coveredMs) * holdOf(minute, overallHoldMs) : 0;

interface Ranked {
  minute: Minute;
  kind: Demand['kind'];
  load: number;
}

/**
 * The minute that 95 of 100 stay below (nearest rank), of those sampled for half of it at least. The
 * newest, where the queue did not empty in it and more was asked: that is going on.
 */
function busyMinute(minutes: readonly Minute[], overallHoldMs: number): Ranked | null {
  const callers = minutesOfCallers(minutes);
  const ranked = minutes
    .filter(({ coveredMs }) => coveredMs >= minuteMs / 2)
    .map((minute): Ranked => {
      if (callers.has(minute)) return { minute, kind: 'callers', load: atOnce(minute) };
      return { minute, kind: 'open', load: openLoadOf(minute, overallHoldMs) };
    });
  const latest = ranked.at(-1);
  const busy = ranked.toSorted((a, b) => a.load - b.load)[Math.ceil(0.95 * ranked.length) - 1];
  if (latest === undefined || busy === undefined) return null;
  return isSaturated(latest.minute) && latest.load > busy.load ? latest : busy;
}

const clampCs2 = (value: number): number => Math.min(highestCs2, Math.max(lowestCs2, value));

/**
 * Arrivals second by second, as `minutesOf` counts those of minutes. A sample that came late covers more than
 * its second and the next one less, which is no unevenness of who asks: counts are brought to one second,
 * and of less than half of one nothing is told.
 */
function arrivalsPerSecond(buckets: readonly Bucket[]): number[] {
  const counts: number[] = [];
  for (const [i, bucket] of buckets.entries()) {
    const before = buckets[i - 1];
    const joined = before !== undefined && bucket.startMs - before.startMs <= 1000;
    const grown = joined ? bucket.pending.last - before.pending.last : 0;
    const timeouts = bucket.waitTimeouts + bucket.connectTimeouts;
    const arrivals = Math.max(0, bucket.acquired + timeouts + grown);
    if (bucket.coveredMs >= 500) counts.push((arrivals * 1000) / bucket.coveredMs);
  }
  return counts;
}

/** What is asked of the pool in its busy minute; variations from the minutes around it. Null without holds. */
export async function demandOf(measured: Measured, minutes: readonly Minute[]): Promise<Demand | null> {
  const overallHoldMs = meanMs(measured.holdMs);
  if (overallHoldMs === null) return null;
  const busy = busyMinute(minutes, overallHoldMs);
  if (busy === null) return null;
  const { minute, kind, load } = busy;
  const around = await measured.around(minute.startMs);
  const [first, ...others] = around.buckets;
  const holds = first === undefined ? measured.holdMs : others.reduce(mergeBuckets, first).holdMs;
  const holdCs2 = squaredVariation(holds.count >= 100 ? holds : measured.holdMs) ?? 1;
  const variation = around.bucketMs === 1000 ? arrivalVariation(arrivalsPerSecond(around.buckets)) : null;
  return {
    minuteStartMs: minute.startMs,
    ...{ kind, load },
    arrivalsPerS: (minute.arrivals * 1000) / minute.coveredMs,
    holdMs: holdOf(minute, overallHoldMs),
    holdCs2: Math.min(highestCs2, holdCs2),
    arrivalCs2: variation === null ? null : clampCs2(variation),
  };
}

export const trafficOf = ({ arrivalsPerS, holdMs, holdCs2, arrivalCs2 }: Demand): Traffic => ({
  arrivalsPerS,
  holdMs,
  holdCs2,
  arrivalCs2: arrivalCs2 ?? 1,
});
