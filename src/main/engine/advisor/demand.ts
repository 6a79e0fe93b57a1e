import type { Demand } from '#shared/model/advice.ts';
import { type Bucket, mergeBuckets } from '#shared/model/bucket.ts';
import { meanMs, squaredVariation } from '#shared/model/histogram.ts';
import { indexOfDispersion } from '#shared/model/sizing/dispersion.ts';
import type { Traffic } from '#shared/model/sizing/queue.ts';
import type { Measured } from './evidence.ts';
import { atOnce, isSaturated, type Minute, minuteMs } from './minutes.ts';

/** A minute with fewer says little of how long holds are. */
const enoughHolds = 20;
/** Beyond these an estimate is noise: nothing is that regular, and no queue that wild is sized by formula. */
const lowestCs2 = 0.05;
const highestCs2 = 25;

/** How a queue that never empties still tells a demand: it grows by more than this share, or callers give up. */
const growthShare = 0.05;

/** Mean hold of a minute; of the whole range where the minute has too few. */
function holdOf(minute: Minute, overallMs: number): number {
  return minute.released >= enoughHolds && minute.holdMeanMs !== null ? minute.holdMeanMs : overallMs;
}

/** The queue never emptied, did not grow and nobody gave up: as many arrive as are let through. */
function isCallers(minute: Minute): boolean {
  if (!isSaturated(minute)) return false;
  const left = minute.timeouts + (minute.pendingLast - minute.pendingMin);
  return left <= growthShare * Math.max(1, minute.arrivals);
}

/** Connections that a minute would have kept busy, had there been enough of them. */
export function loadOf(minute: Minute, overallHoldMs: number): number {
  if (isCallers(minute)) return atOnce(minute);
  return (minute.arrivals / minute.coveredMs) * holdOf(minute, overallHoldMs) || 0;
}

/**
 * The minute that 95 of 100 stay below (nearest rank), of those sampled for half of it at least. The
 * newest, where the queue did not empty in it and more was asked: that is going on.
 */
export function busyMinute(minutes: readonly Minute[], overallHoldMs: number): Minute | null {
  const ranked = minutes
    .filter(({ coveredMs }) => coveredMs >= minuteMs / 2)
    .map((minute) => ({ minute, load: loadOf(minute, overallHoldMs) }));
  const latest = ranked.at(-1);
  const busy = ranked.toSorted((a, b) => a.load - b.load)[Math.ceil(0.95 * ranked.length) - 1];
  if (latest === undefined || busy === undefined) return null;
  return isSaturated(latest.minute) && latest.load > busy.load ? latest.minute : busy.minute;
}

const clampCs2 = (value: number): number => Math.min(highestCs2, Math.max(lowestCs2, value));

/** Arrivals second by second, as `minutesOf` counts those of minutes. */
function arrivalsPerSecond(buckets: readonly Bucket[]): number[] {
  return buckets.map((bucket, i) => {
    const before = buckets[i - 1];
    const joined = before !== undefined && bucket.startMs - before.startMs <= 1000;
    const grown = joined ? bucket.pending.last - before.pending.last : 0;
    const timeouts = bucket.waitTimeouts + bucket.connectTimeouts;
    return Math.max(0, bucket.acquired + timeouts + grown);
  });
}

/** What is asked of the pool in its busy minute; variations from the minutes around it. Null without holds. */
export async function demandOf(measured: Measured, minutes: readonly Minute[]): Promise<Demand | null> {
  const overallHoldMs = meanMs(measured.holdMs);
  if (overallHoldMs === null) return null;
  const busy = busyMinute(minutes, overallHoldMs);
  if (busy === null) return null;
  const around = await measured.around(busy.startMs);
  const [first, ...others] = around.buckets;
  const holds = first === undefined ? measured.holdMs : others.reduce(mergeBuckets, first).holdMs;
  const holdCs2 = squaredVariation(holds.count >= 100 ? holds : measured.holdMs) ?? 1;
  const dispersion = around.bucketMs === 1000 ? indexOfDispersion(arrivalsPerSecond(around.buckets)) : null;
  return {
    minuteStartMs: busy.startMs,
    kind: isCallers(busy) ? 'callers' : 'open',
    arrivalsPerS: (busy.arrivals * 1000) / busy.coveredMs,
    holdMs: holdOf(busy, overallHoldMs),
    load: loadOf(busy, overallHoldMs),
    holdCs2: Math.min(highestCs2, holdCs2),
    arrivalCs2: dispersion === null ? null : clampCs2(dispersion),
  };
}

export const trafficOf = ({ arrivalsPerS, holdMs, holdCs2, arrivalCs2 }: Demand): Traffic => ({
  arrivalsPerS,
  holdMs,
  holdCs2,
  arrivalCs2: arrivalCs2 ?? 1,
});
