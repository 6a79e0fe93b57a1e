import { type Bucket, bucketOfSample, bucketStartMs, foldBucket } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { type ExportReader, unpackRuns } from '../history/index.ts';
import type { ExportedProfile } from './export-task.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

/** Few enough that memory stays flat, enough that reading them by rollups pays. */
const bucketsPerBatch = 500;

/** Every sample of a pool in the span, a few hundred at a time: from the disk, then from memory. */
export function* sampleBatches(
  reader: ExportReader | null,
  { profileId, splitMs, runs }: ExportedProfile,
  { fromMs, toMs }: Span,
): Generator<PoolSample[], void, undefined> {
  if (reader !== null && fromMs < splitMs) {
    yield* reader.samples(profileId, { fromMs, toMs: Math.min(toMs, splitMs) });
  }
  // Memory has nothing of what is older.
  if (toMs <= splitMs) return;
  for (const run of runs) {
    const samples = unpackRuns([run], profileId, { fromMs: Math.max(fromMs, splitMs), toMs });
    if (samples.length > 0) yield samples;
  }
}

/** The bucket length a pool's span can be given in. */
export function exportedBucketMs(
  reader: ExportReader | null,
  { profileId, splitMs }: ExportedProfile,
  { fromMs, toMs }: Span,
  wantedMs: number,
): number {
  if (reader === null || fromMs >= splitMs) return wantedMs;
  return reader.bucketMs(profileId, { fromMs, toMs: Math.min(toMs, splitMs) }, wantedMs);
}

/** The span folded, a few hundred buckets at a time. @param bucketMs as `exportedBucketMs` says */
export function* bucketBatches(
  reader: ExportReader | null,
  profile: ExportedProfile,
  { fromMs, toMs }: Span,
  bucketMs: number,
): Generator<Bucket[], void, undefined> {
  const recent = unpackRuns(profile.runs, profile.profileId, {
    fromMs: Math.max(fromMs, profile.splitMs),
    toMs,
  });
  let next = 0;
  for (let start = fromMs; start < toMs; ) {
    const end = Math.min(toMs, bucketStartMs(start, bucketMs) + bucketsPerBatch * bucketMs);
    const diskEnd = Math.min(end, profile.splitMs);
    const buckets =
      reader !== null && start < diskEnd
        ? reader.buckets(profile.profileId, { fromMs: start, toMs: diskEnd }, bucketMs)
        : [];
    for (; next < recent.length && (recent[next] as PoolSample).atMs < end; next += 1) {
      foldBucket(buckets, bucketOfSample(recent[next] as PoolSample, bucketMs), bucketMs);
    }
    if (buckets.length > 0) yield buckets;
    start = end;
  }
}
