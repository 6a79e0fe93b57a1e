import {
  type Bucket,
  counterNames,
  type GaugeRange,
  gaugeNames,
  histogramNames,
} from '#shared/model/bucket.ts';
import { emptyHistogram, type Histogram } from '#shared/model/histogram.ts';
import { binMiddleUs } from './bin-middles.ts';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';
import { packSections, unpackSections } from './sections.ts';
import { microseconds, milliseconds } from './split-values.ts';

/**
 * Rollups: buckets of one length, to the microsecond. Their histograms hold many durations, so bins
 * stand side by side with counts of all sizes: distances in one section, counts in another, each
 * count as its difference from the one before.
 */
const formatVersion = 1;
const maxBuckets = 100_000;
/** Wider than all bins there are. */
const maxBins = 4096;

/** Every bin that a duration can fall in, with room to spare; others are kept without a guess. */
const lowestBin = -256;
const knownBins = 1024;
/** Counts beyond this are guessed no higher; thirty-two bits hold sixteen times as much. */
const mostGuessed = 2 ** 26;

/**
 * What a bin will hold, told from what it held in the buckets before (in sixteenths, whole numbers
 * only), or in the first bucket from the bin before.
 */
class CountGuess {
  readonly #sixteenths = new Int32Array(knownBins).fill(-1);
  #isFirst = true;

  expected(index: number, countBefore: number): number {
    const sixteenths = this.#sixteenths[index - lowestBin];
    if (sixteenths !== undefined && sixteenths >= 0) return (sixteenths + 8) >> 4;
    return this.#isFirst ? countBefore : 0;
  }

  learn(index: number, count: number): void {
    const bin = index - lowestBin;
    const before = this.#sixteenths[bin];
    if (before === undefined) return;
    const now = Math.min(count, mostGuessed) * 16;
    this.#sixteenths[bin] = before < 0 ? now : before + ((now - before) >> 2);
  }

  endBucket(): void {
    this.#isFirst = false;
  }

  /** Turns differences from what was expected into counts, in place, and learns from them. */
  restore(first: number, span: number, differences: Float64Array): Float64Array {
    let before = 0;
    for (let i = 0; i < span; i += 1) {
      const count = (differences[i] as number) + this.expected(first + i, before);
      this.learn(first + i, count);
      differences[i] = count;
      before = count;
    }
    return differences;
  }
}

interface Columns<Stream> {
  numbers: Stream;
  values: Stream;
  counts: Stream;
}

/** @param options.compress false for single buckets that are read by the thousand */
export function packBuckets(
  buckets: readonly Bucket[],
  { windowMs, bucketMs, compress }: { windowMs: number; bucketMs: number; compress: boolean },
): Uint8Array {
  const columns = {
    numbers: new ByteWriter(),
    values: new ByteWriter(),
    counts: new ByteWriter(),
  };
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
    const guess = new CountGuess();
    for (const bucket of buckets) packHistogram(columns, bucket[name], guess);
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

function packHistogram(
  { numbers, values, counts }: Columns<ByteWriter>,
  histogram: Histogram,
  guess: CountGuess,
): void {
  const { bins } = histogram;
  const first = bins[0];
  const last = bins[bins.length - 2];
  numbers.whole(first === undefined || last === undefined ? 0 : last - first + 1);
  if (first === undefined || last === undefined) return;
  numbers.signed(first);
  let [at, countBefore, guessUs] = [0, 0, 0];
  for (let index = first; index <= last; index += 1) {
    const count = bins[at] === index ? (bins[at + 1] as number) : 0;
    if (bins[at] === index) at += 2;
    counts.signed(count - guess.expected(index, countBefore));
    guess.learn(index, count);
    guessUs += binMiddleUs(index) * count;
    countBefore = count;
  }
  guess.endBucket();
  values.signed(microseconds(histogram.minMs) - binMiddleUs(first));
  values.signed(microseconds(histogram.maxMs) - binMiddleUs(last));
  values.signed(microseconds(histogram.sumMs) - guessUs);
}

/** @throws DamagedDataError */
export function unpackBuckets(block: Uint8Array, windowMs: number, bucketMs: number): Bucket[] {
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
  const columns = { numbers, values, counts };
  for (const name of histogramNames) {
    const guess = new CountGuess();
    for (const bucket of buckets) bucket[name] = unpackHistogram(columns, guess);
  }
  return buckets;
}

function unpackRange(column: ByteReader, value: (whole: number) => number): GaugeRange {
  const low = column.whole();
  return { min: value(low), max: value(low + column.whole()), last: value(low + column.whole()) };
}

/** Used again and again; nothing is kept in it. */
const differences = new Float64Array(maxBins);

function unpackHistogram({ numbers, values, counts }: Columns<ByteReader>, guess: CountGuess): Histogram {
  const span = numbers.whole();
  if (span === 0) return emptyHistogram();
  if (span > maxBins) throw new DamagedDataError('a histogram is too wide');
  const first = numbers.signed();
  const last = first + span - 1;
  counts.signedInto(differences, span);
  const inBin = guess.restore(first, span, differences);
  let filled = 0;
  for (let i = 0; i < span; i += 1) if (inBin[i] !== 0) filled += 1;
  const bins = new Array<number>(filled * 2);
  let [at, total, guessUs] = [0, 0, 0];
  for (let i = 0; i < span; i += 1) {
    const count = inBin[i] as number;
    if (count === 0) continue;
    bins[at] = first + i;
    bins[at + 1] = count;
    at += 2;
    total += count;
    guessUs += binMiddleUs(first + i) * count;
  }
  guess.endBucket();
  const minMs = milliseconds(values.signed() + binMiddleUs(first));
  const maxMs = milliseconds(values.signed() + binMiddleUs(last));
  return { count: total, sumMs: milliseconds(values.signed() + guessUs), minMs, maxMs, bins };
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
