import {
  type Bucket,
  bucketStartMs,
  counterNames,
  type GaugeRange,
  gaugeNames,
  histogramNames,
} from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';
import { RollupHistogramPacker, RollupHistogramReader } from './rollup-histograms.ts';
import { packSections, unpackSections } from './sections.ts';
import { microseconds, milliseconds } from './split-values.ts';

/** Rollups: buckets of one length, as columns, to the microsecond. */
const formatVersion = 1;
const maxBuckets = 100_000;

/** @param options.compress false for single buckets that are read by the thousand */
export function packBuckets(
  buckets: readonly Bucket[],
  { windowMs, bucketMs, compress }: { windowMs: number; bucketMs: number; compress: boolean },
): Uint8Array {
  const columns = { numbers: new ByteWriter(), values: new ByteWriter(), counts: new ByteWriter() };
  const { numbers } = columns;
  numbers.whole(buckets.length);
  for (const { startMs } of buckets) numbers.signed((startMs - windowMs) / bucketMs);
  for (const { startMs, lastAtMs } of buckets) numbers.signed(startMs + bucketMs - Math.round(lastAtMs));
  for (const { coveredMs } of buckets) numbers.signed(bucketMs * 1000 - microseconds(coveredMs));
  for (const name of gaugeNames)
    for (const bucket of buckets) packRange(numbers, bucket[name], (value) => value);
  for (const { longestPendingMs } of buckets) numbers.whole(microseconds(longestPendingMs));
  for (const { minSetting } of buckets) numbers.whole(minSetting);
  for (const { maxSetting } of buckets) numbers.whole(maxSetting);
  for (const name of counterNames) for (const bucket of buckets) numbers.whole(bucket[name]);
  for (const { health } of buckets) {
    numbers.whole(health.checks);
    numbers.whole(health.failures * 2 + (health.roundTripMs === null ? 0 : 1));
    if (health.roundTripMs !== null) packRange(columns.values, health.roundTripMs, microseconds);
  }
  for (const name of histogramNames) {
    const packer = new RollupHistogramPacker(columns);
    for (const bucket of buckets) packer.pack(bucket[name]);
  }
  const { values, counts } = columns;
  return packSections(
    formatVersion,
    [numbers, values, counts].map((column) => column.written),
    compress,
  );
}

function packRange(
  column: ByteWriter,
  { min, max, last }: GaugeRange,
  whole: (value: number) => number,
): void {
  column.whole(whole(min));
  column.whole(whole(max) - whole(min));
  column.whole(whole(last) - whole(min));
}

/**
 * The rollups of a block, folded into buckets of `foldMs` on the way: a multiple of `bucketMs`, or
 * the same.
 * @throws DamagedDataError
 */
export function unpackBuckets(
  block: Uint8Array,
  windowMs: number,
  bucketMs: number,
  foldMs = bucketMs,
): Bucket[] {
  const [numbers, values, counts] = unpackSections(formatVersion, block).map(
    (section) => new ByteReader(section),
  );
  if (!numbers || !values || !counts) throw new DamagedDataError('a part is missing');
  const length = numbers.whole();
  if (length > maxBuckets) throw new DamagedDataError(`${length} rollups are too many`);
  const folded: Bucket[] = [];
  /** Of each rollup in turn: the bucket it is folded into, and when it began. */
  const foldOf: Bucket[] = [];
  const startsMs: number[] = [];
  for (let i = 0; i < length; i += 1) {
    const startMs = windowMs + numbers.signed() * bucketMs;
    const foldStartMs = bucketStartMs(startMs, foldMs);
    if (folded.at(-1)?.startMs !== foldStartMs) folded.push(blankBucket(foldStartMs));
    foldOf.push(folded.at(-1) as Bucket);
    startsMs.push(startMs);
  }
  // Column by column straight into the folds: as `mergeBuckets`, without a bucket for each rollup.
  for (let i = 0; i < length; i += 1)
    (foldOf[i] as Bucket).lastAtMs = (startsMs[i] as number) + bucketMs - numbers.signed();
  for (const fold of foldOf) fold.coveredMs += milliseconds(bucketMs * 1000 - numbers.signed());
  for (const name of gaugeNames) {
    let before: Bucket | null = null;
    for (const fold of foldOf) {
      fold[name] = unpackRange(numbers, fold === before ? fold[name] : null, 1);
      before = fold;
    }
  }
  for (const fold of foldOf)
    fold.longestPendingMs = Math.max(fold.longestPendingMs, milliseconds(numbers.whole()));
  for (const fold of foldOf) fold.minSetting = numbers.whole();
  for (const fold of foldOf) fold.maxSetting = numbers.whole();
  for (const name of counterNames) for (const fold of foldOf) fold[name] += numbers.whole();
  for (const { health } of foldOf) {
    health.checks += numbers.whole();
    const failures = numbers.whole();
    health.failures += Math.floor(failures / 2);
    if (failures % 2 === 1) health.roundTripMs = unpackRange(values, health.roundTripMs, 1000);
  }
  for (const name of histogramNames) {
    const reader = new RollupHistogramReader({ numbers, values, counts });
    for (let i = 0; i < length; i += 1) {
      reader.add();
      const fold = foldOf[i] as Bucket;
      if (foldOf[i + 1] !== fold) fold[name] = reader.take();
    }
  }
  return folded;
}

/** @param range what is known of it so far, if anything */
function unpackRange(column: ByteReader, range: GaugeRange | null, perUnit: 1 | 1000): GaugeRange {
  const low = column.whole();
  const high = low + column.whole();
  const last = (low + column.whole()) / perUnit;
  if (range === null) return { min: low / perUnit, max: high / perUnit, last };
  range.min = Math.min(range.min, low / perUnit);
  range.max = Math.max(range.max, high / perUnit);
  range.last = last;
  return range;
}

function blankBucket(startMs: number): Bucket {
  const [nothing, none] = [{ min: 0, max: 0, last: 0 }, emptyHistogram()];
  return {
    ...{ startMs, coveredMs: 0, lastAtMs: 0, longestPendingMs: 0, minSetting: 0, maxSetting: 0 },
    ...{ idle: nothing, used: nothing, connecting: nothing, pending: nothing },
    ...{ acquired: 0, released: 0, opened: 0, closed: 0, waitTimeouts: 0, connectTimeouts: 0 },
    ...{ connectFailures: 0, connectionErrors: 0, waitMs: none, holdMs: none, connectMs: none },
    health: { checks: 0, failures: 0, roundTripMs: null },
  };
}
