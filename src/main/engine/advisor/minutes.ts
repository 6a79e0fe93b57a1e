import type { Bucket } from '#shared/model/bucket.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';

export const minuteMs = 60_000;

/** What sizing needs of a minute; a month of them is held at once. */
export interface Minute {
  startMs: number;
  coveredMs: number;
  /** Requests for a connection: those served, those that gave up, and what the queue grew by. */
  arrivals: number;
  acquired: number;
  released: number;
  timeouts: number;
  opened: number;
  holdMeanMs: number | null;
  holdP50Ms: number | null;
  waitMeanMs: number | null;
  waitP95Ms: number | null;
  usedMin: number;
  usedMax: number;
  pendingMin: number;
  pendingMax: number;
  pendingLast: number;
  maxSetting: number;
}

/**
 * A minute of history in brief.
 * @param pendingBefore requests that waited when it began; null when that is not known
 */
export function minuteOf(bucket: Bucket, pendingBefore: number | null): Minute {
  const { acquired, used, pending, holdMs, waitMs } = bucket;
  // Health checks that cannot connect in time say nothing of the application; their waits are not counted as given up.
  const timeouts = bucket.waitTimeouts + Math.max(0, bucket.connectTimeouts - bucket.health.failures);
  const grown = pending.last - (pendingBefore ?? pending.last);
  return {
    startMs: bucket.startMs,
    coveredMs: bucket.coveredMs,
    // Whoever waits still has arrived all the same: else the demand on a full pool is what it can do.
    arrivals: Math.max(0, acquired + timeouts + grown),
    acquired,
    released: bucket.released,
    timeouts,
    opened: bucket.opened,
    holdMeanMs: meanMs(holdMs),
    holdP50Ms: percentileMs(holdMs, 0.5),
    waitMeanMs: meanMs(waitMs),
    waitP95Ms: percentileMs(waitMs, 0.95),
    usedMin: used.min,
    usedMax: used.max,
    pendingMin: pending.min,
    pendingMax: pending.max,
    pendingLast: pending.last,
    maxSetting: bucket.maxSetting,
  };
}

/** Minutes of buckets a minute long, oldest first. */
export function minutesOf(buckets: readonly Bucket[]): Minute[] {
  return buckets.map((bucket, i) => {
    const before = buckets[i - 1];
    const joined = before !== undefined && bucket.startMs - before.startMs === minuteMs;
    return minuteOf(bucket, joined ? before.pending.last : null);
  });
}

/**
 * Somebody waited in each second, with the whole pool handed out (but for a connection on its way back,
 * or being replaced): the pool was all that limited.
 */
export const isSaturated = (minute: Minute): boolean =>
  minute.pendingMin > 0 && minute.usedMax >= minute.maxSetting;

/** Requests that had or wanted a connection at the busiest moment. */
export const atOnce = ({ usedMax, pendingMax }: Minute): number => usedMax + pendingMax;
