import { histogramNames } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';
import { binnedCount, HistogramPacker, HistogramUnpacker, histogramSections } from './histogram-codec.ts';
import { packSections, unpackSections } from './sections.ts';
import { microseconds, milliseconds, readSplit, writeSplit } from './split-values.ts';
import { wholeColumns } from './whole-columns.ts';

/**
 * Samples of one pool as columns, to the microsecond; times are relative to the chunk's window.
 * Counts of histograms are kept as their difference from the counter they belong to.
 */
const formatVersion = 1;
/** More than any window holds at one sample a second; a damaged number must not ask for all memory. */
const maxSamples = 100_000;
const usualIntervalUs = 1_000_000;
/** Intervals are measured to a tenth of a millisecond; any finer ones are kept as they are. */
const coarseUs = 100;
const health = { none: 0, failed: 1, passed: 2 } as const;
const countedBy = { waitMs: 'acquired', holdMs: 'released', connectMs: 'opened' } as const;

const noisyColumns = wholeColumns.filter((column) => column.noisy === true).length;
/** The repetitive, the low and the high bytes of times, then the noisy columns, then the histograms. */
const firstNoisy = 3;
const firstHistogram = firstNoisy + noisyColumns;

/** @param samples in order of time */
export function packChunk(samples: readonly PoolSample[], windowMs: number): Uint8Array {
  const [wholes, low, high] = [new ByteWriter(), new ByteWriter(), new ByteWriter()];
  const unitUs = samples.every(({ intervalMs }) => microseconds(intervalMs) % coarseUs === 0) ? coarseUs : 1;
  wholes.whole(samples.length);
  wholes.whole(unitUs);
  let beforeMs = windowMs;
  for (const { atMs, intervalMs } of samples) {
    const stepMs = Math.round(atMs) - beforeMs;
    wholes.signed(stepMs - 1000);
    writeSplit(low, high, (microseconds(intervalMs) - usualIntervalUs) / unitUs);
    beforeMs += stepMs;
  }
  const noisy: Uint8Array[] = [];
  for (const column of wholeColumns) {
    const writer = column.noisy === true ? new ByteWriter() : wholes;
    for (const sample of samples) writer.signed(column.cell(sample));
    if (column.noisy === true) noisy.push(writer.written);
  }
  for (const { healthCheck } of samples) {
    const failed = healthCheck?.roundTripMs === null;
    wholes.whole(healthCheck === null ? health.none : failed ? health.failed : health.passed);
    if (typeof healthCheck?.roundTripMs === 'number')
      writeSplit(low, high, microseconds(healthCheck.roundTripMs));
  }
  const histograms = histogramNames.flatMap((name) => {
    const packer = new HistogramPacker();
    for (const sample of samples) {
      const count = binnedCount(sample[name]);
      wholes.signed(count - sample[countedBy[name]]);
      packer.pack(sample[name], count);
    }
    return packer.sections;
  });
  return packSections(formatVersion, [wholes.written, low.written, high.written, ...noisy, ...histograms]);
}

/** @throws DamagedDataError */
export function unpackChunk(block: Uint8Array, profileId: string, windowMs: number): PoolSample[] {
  const sections = unpackSections(formatVersion, block);
  const readers = sections.slice(0, firstHistogram).map((section) => new ByteReader(section));
  const [wholes, low, high] = readers;
  if (wholes === undefined || low === undefined || high === undefined || readers.length < firstHistogram) {
    throw new DamagedDataError('a part is missing');
  }
  const count = wholes.whole();
  if (count > maxSamples) throw new DamagedDataError(`${count} samples are too many`);
  const unitUs = wholes.whole();
  const samples: PoolSample[] = [];
  let atMs = windowMs;
  for (let left = count; left > 0; left -= 1) {
    atMs += wholes.signed() + 1000;
    samples.push(blankSample(profileId, atMs, milliseconds(readSplit(low, high) * unitUs + usualIntervalUs)));
  }
  let nextNoisy = firstNoisy;
  for (const column of wholeColumns) {
    const reader = column.noisy === true ? (readers[nextNoisy++] as ByteReader) : wholes;
    for (const sample of samples) column.restore(sample, reader.signed());
  }
  for (const sample of samples) {
    const check = wholes.whole();
    if (check === health.failed) sample.healthCheck = { roundTripMs: null };
    else if (check === health.passed)
      sample.healthCheck = { roundTripMs: milliseconds(readSplit(low, high)) };
  }
  for (const [index, name] of histogramNames.entries()) {
    const start = firstHistogram + index * histogramSections;
    const unpacker = new HistogramUnpacker(sections.slice(start, start + histogramSections));
    const counter = countedBy[name];
    for (const sample of samples) sample[name] = unpacker.unpack(wholes.signed() + sample[counter]);
  }
  return samples;
}

const noDurations = { count: 0, sumMs: 0, minMs: 0, maxMs: 0, bins: [] };

function blankSample(profileId: string, atMs: number, intervalMs: number): PoolSample {
  return {
    profileId,
    atMs,
    intervalMs,
    idle: 0,
    used: 0,
    connecting: 0,
    pending: 0,
    usedPeak: 0,
    pendingPeak: 0,
    longestPendingMs: 0,
    min: 0,
    max: 0,
    acquired: 0,
    released: 0,
    opened: 0,
    closed: 0,
    waitTimeouts: 0,
    connectTimeouts: 0,
    connectFailures: 0,
    connectionErrors: 0,
    waitMs: noDurations,
    holdMs: noDurations,
    connectMs: noDurations,
    healthCheck: null,
  };
}
