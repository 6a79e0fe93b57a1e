import { type Histogram, mergeHistograms } from './histogram.ts';
import type { PoolSample } from './pool-sample.ts';

/** Lowest, highest and latest value of a gauge within a bucket. */
export interface GaugeRange {
  min: number;
  max: number;
  last: number;
}

export const gaugeNames = ['idle', 'used', 'connecting', 'pending'] as const;
export type GaugeName = (typeof gaugeNames)[number];

export const counterNames = [
  'acquired',
  'released',
  'opened',
  'closed',
  'waitTimeouts',
  'connectTimeouts',
  'connectFailures',
  'connectionErrors',
] as const;
export type CounterName = (typeof counterNames)[number];

export const histogramNames = ['waitMs', 'holdMs', 'connectMs'] as const;
export type HistogramName = (typeof histogramNames)[number];

/**
 * Samples of one pool folded over a span of time, losing nothing a chart must show: maxima stay
 * maxima, percentiles come from merged histograms, rates divide by the time really covered.
 * Main folds history with these functions and the renderer folds live samples with the same ones,
 * so the two meet without a seam.
 */
export interface Bucket
  extends Record<GaugeName, GaugeRange>,
    Record<CounterName, number>,
    Record<HistogramName, Histogram> {
  /** A multiple of the bucket's length since the epoch. */
  startMs: number;
  /** Sum of the samples' intervals; less than the bucket's length when samples are missing. */
  coveredMs: number;
  lastAtMs: number;
  longestPendingMs: number;
  minSetting: number;
  maxSetting: number;
  health: { checks: number; failures: number; roundTripMs: GaugeRange | null };
}

/** Start of the bucket that holds a moment. A sample belongs to the bucket of its end time. */
export function bucketStartMs(atMs: number, bucketMs: number): number {
  return Math.floor(atMs / bucketMs) * bucketMs;
}

const single = (value: number): GaugeRange => ({ min: value, max: value, last: value });

const widen = (range: GaugeRange, low: number, high: number, last: number): GaugeRange => ({
  min: Math.min(range.min, low),
  max: Math.max(range.max, high),
  last,
});

/** A bucket holding exactly one sample. */
export function bucketOfSample(sample: PoolSample, bucketMs: number): Bucket {
  const check = sample.healthCheck;
  return {
    startMs: bucketStartMs(sample.atMs, bucketMs),
    coveredMs: sample.intervalMs,
    lastAtMs: sample.atMs,
    idle: single(sample.idle),
    used: widen(single(sample.used), sample.used, sample.usedPeak, sample.used),
    connecting: single(sample.connecting),
    pending: widen(single(sample.pending), sample.pending, sample.pendingPeak, sample.pending),
    longestPendingMs: sample.longestPendingMs,
    minSetting: sample.min,
    maxSetting: sample.max,
    acquired: sample.acquired,
    released: sample.released,
    opened: sample.opened,
    closed: sample.closed,
    waitTimeouts: sample.waitTimeouts,
    connectTimeouts: sample.connectTimeouts,
    connectFailures: sample.connectFailures,
    connectionErrors: sample.connectionErrors,
    waitMs: sample.waitMs,
    holdMs: sample.holdMs,
    connectMs: sample.connectMs,
    health: {
      checks: check === null ? 0 : 1,
      failures: check !== null && check.roundTripMs === null ? 1 : 0,
      roundTripMs: check === null || check.roundTripMs === null ? null : single(check.roundTripMs),
    },
  };
}

/** Two adjacent buckets as one; `later` supplies every "last" value. Associative. */
export function mergeBuckets(earlier: Bucket, later: Bucket): Bucket {
  const merged: Bucket = { ...later, startMs: earlier.startMs };
  merged.coveredMs = earlier.coveredMs + later.coveredMs;
  merged.longestPendingMs = Math.max(earlier.longestPendingMs, later.longestPendingMs);
  for (const name of gaugeNames) {
    merged[name] = widen(earlier[name], later[name].min, later[name].max, later[name].last);
  }
  for (const name of counterNames) merged[name] = earlier[name] + later[name];
  for (const name of histogramNames) merged[name] = mergeHistograms(earlier[name], later[name]);
  const before = earlier.health.roundTripMs;
  const after = later.health.roundTripMs;
  merged.health = {
    checks: earlier.health.checks + later.health.checks,
    failures: earlier.health.failures + later.health.failures,
    roundTripMs:
      before === null ? after : after === null ? before : widen(before, after.min, after.max, after.last),
  };
  return merged;
}

/**
 * Adds one sample to a list of buckets in place, oldest first. Samples must come in order of
 * time; one older than the last bucket (the clock was set back) is folded into the last bucket
 * so that no time runs backwards.
 */
export function foldSample(buckets: Bucket[], sample: PoolSample, bucketMs: number): void {
  const next = bucketOfSample(sample, bucketMs);
  const last = buckets.at(-1);
  if (last === undefined || next.startMs > last.startMs) buckets.push(next);
  else buckets[buckets.length - 1] = mergeBuckets(last, next);
}

/**
 * Adds a bucket to a list in place, in any order of time; it may be shorter than `bucketMs` as long
 * as its length divides it. The list stays sorted, and "last" values are those of the latest sample,
 * so what was folded from the disk and what was folded from memory join without a seam.
 */
export function foldBucket(buckets: Bucket[], next: Bucket, bucketMs: number): void {
  const startMs = bucketStartMs(next.startMs, bucketMs);
  let place = buckets.length;
  while (place > 0 && (buckets[place - 1] as Bucket).startMs > startMs) place -= 1;
  const same = buckets[place - 1];
  if (same === undefined || same.startMs !== startMs) {
    buckets.splice(place, 0, next.startMs === startMs ? next : { ...next, startMs });
  } else {
    const [earlier, later] = same.lastAtMs <= next.lastAtMs ? [same, next] : [next, same];
    buckets[place - 1] = { ...mergeBuckets(earlier, later), startMs };
  }
}

/** Events per second of a counter in a bucket; null when no time is covered. */
export function perSecond(bucket: Bucket, counter: CounterName): number | null {
  return bucket.coveredMs > 0 ? (bucket[counter] * 1000) / bucket.coveredMs : null;
}
