import type { RouteInput } from '#shared/contract/routes.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

const tickMs = 1000;
const minuteMs = 60_000;
/** Further apart than this, nothing is known between two samples; nearer, one came late or shares a bucket. */
const joinedWithinMs = 2500;

/** The minute that ends just before a sample. */
export function pastMinute({ profileId, atMs }: PoolSample): RouteInput<'history.range'> {
  return { profileId, fromMs: atMs - minuteMs, toMs: atMs, bucketMs: tickMs };
}

/** Connections in use each second before a moment, oldest first; null where nothing was sampled. */
export function valuesBefore(atMs: number, buckets: readonly Bucket[]): (number | null)[] {
  const values: (number | null)[] = [];
  let nextMs = atMs;
  for (const { lastAtMs, used } of [...buckets].reverse()) {
    const missing = Math.max(0, Math.round((nextMs - lastAtMs) / tickMs) - 1);
    const between = nextMs - lastAtMs > joinedWithinMs ? null : used.last;
    for (let i = 0; i < missing; i++) values.push(between);
    values.push(used.last);
    nextMs = lastAtMs;
  }
  return values.reverse();
}
