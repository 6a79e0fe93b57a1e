import {
  type Bucket,
  bucketStartMs,
  counterNames,
  type GaugeRange,
  gaugeNames,
  histogramNames,
  mergeBuckets,
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
  const buckets = Array.from({ length }, () => blankBucket(windowMs + numbers.signed() * bucketMs));
  for (const bucket of buckets) bucket.lastAtMs = bucket.startMs + bucketMs - numbers.signed();
  for (const bucket of buckets) bucket.coveredMs = milliseconds(bucketMs * 1000 - numbers.signed());
  for (const name of gaugeNames)
    for (const bucket of buckets) bucket[name] = unpackRange(numbers, (value) => value);
  for (const bucket of buckets) bucket.longestPendingMs = milliseconds(numbers.whole());
  for (const bucket of buckets) bucket.minSetting = numbers.whole();
  for (const bucket of buckets) bucket.maxSetting = numbers.whole();
  for (const name of counterNames) for (const bucket of buckets) bucket[name] = numbers.whole();
  for (const bucket of buckets) {
    const checks = numbers.whole();
    const failures = numbers.whole();
    const roundTripMs = failures % 2 === 0 ? null : unpackRange(values, milliseconds);
    bucket.health = { checks, failures: Math.floor(failures / 2), roundTripMs };
  }
  const folded: Bucket[] = [];
  const foldOf = buckets.map((bucket) => {
    const startMs = bucketStartMs(bucket.startMs, foldMs);
    const last = folded.at(-1);
    if (last?.startMs === startMs) folded[folded.length - 1] = mergeBuckets(last, bucket);
    else folded.push(bucket.startMs === startMs ? bucket : { ...bucket, startMs });
    return folded.length - 1;
  });
  for (const name of histogramNames) {
    const reader = new RollupHistogramReader({ numbers, values, counts });
    for (const [index, fold] of foldOf.entries()) {
      reader.add();
      if (foldOf[index + 1] !== fold) (folded[fold] as Bucket)[name] = reader.take();
    }
  }
  return folded;
}

function unpackRange(column: ByteReader, value: (whole: number) => number): GaugeRange {
  const low = column.whole();
  return { min: value(low), max: value(low + column.whole()), last: value(low + column.whole()) };
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
