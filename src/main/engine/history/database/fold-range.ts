import type { Database } from 'better-sqlite3';
import { type Bucket, bucketOfSample, foldBucket } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { unpackBuckets } from '../codec/bucket-codec.ts';
import { DamagedDataError } from '../codec/bytes.ts';
import { oldestWindowMs, readJournal, readSamples } from './chunks.ts';
import type { Series } from './series-table.ts';
import { endOf, hourMs, minuteMs, startOf } from './windows.ts';

export interface Span {
  fromMs: number;
  toMs: number;
}

interface RollupRow {
  hour_ms: number;
  packed: Buffer;
}

/** A range longer than this is not read second by second for a bucket that nearly holds minutes. */
const longestRawMs = 6 * hourMs;

/**
 * The bucket length a range can be answered in: as asked for where seconds are there, whole minutes
 * where only rollups are, or where reading every second would take too long for no gain in sight.
 */
export function answerableBucketMs(db: Database, series: Series, span: Span, bucketMs: number): number {
  if (bucketMs % minuteMs === 0) return bucketMs;
  const oldest = oldestWindowMs(db, series.series_id) ?? Number.POSITIVE_INFINITY;
  const needsRollups =
    span.fromMs < oldest && hasRollups(db, series, span.fromMs, Math.min(oldest, span.toMs));
  const isLong = bucketMs > minuteMs && span.toMs - span.fromMs > longestRawMs;
  return needsRollups || isLong ? endOf(bucketMs, minuteMs) : bucketMs;
}

/**
 * What was recorded of a pool in [fromMs, toMs), folded. Rollups are read where they give the very
 * same result as the samples they were made of, samples at the edges and where nothing is rolled up
 * yet. Where samples are gone, the whole minutes at the edges are taken.
 * @param bucketMs as `answerableBucketMs` says
 */
export function foldRange(db: Database, series: Series, span: Span, bucketMs: number): Bucket[] {
  return db.transaction(() => {
    const buckets: Bucket[] = [];
    const fold = new RangeFold(db, series, bucketMs, buckets);
    if (bucketMs % hourMs === 0) fold.hours(span);
    else if (bucketMs % minuteMs === 0) fold.minutes(span);
    else fold.samples(span);
    return buckets;
  })();
}

class RangeFold {
  readonly #db: Database;
  readonly #series: Series;
  readonly #bucketMs: number;
  readonly #buckets: Bucket[];
  readonly #oldestRawMs: number;
  /** Minutes of an hour may be folded as they are read where an hour holds whole buckets. */
  readonly #minutesFoldMs: number;

  constructor(db: Database, series: Series, bucketMs: number, buckets: Bucket[]) {
    this.#db = db;
    this.#series = series;
    this.#bucketMs = bucketMs;
    this.#buckets = buckets;
    this.#minutesFoldMs = hourMs % bucketMs === 0 ? bucketMs : minuteMs;
    this.#oldestRawMs = oldestWindowMs(db, series.series_id) ?? Number.POSITIVE_INFINITY;
  }

  hours({ fromMs, toMs }: Span): void {
    const [first, end] = [endOf(fromMs, hourMs), startOf(toMs, hourMs)];
    if (first >= end) {
      this.minutes({ fromMs, toMs });
      return;
    }
    if (fromMs < first) this.minutes({ fromMs, toMs: first });
    const rows = this.#db.prepare<[number, number, number], RollupRow>(
      'SELECT hour_ms, packed FROM hours WHERE series_id = ? AND hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms',
    );
    for (const row of rows.iterate(this.#series.series_id, first, end))
      this.#fold(unpack(row, hourMs, hourMs));
    this.#unsealed({ fromMs: first, toMs: end });
    if (end < toMs) this.minutes({ fromMs: end, toMs });
  }

  minutes({ fromMs, toMs }: Span): void {
    const first = fromMs < this.#oldestRawMs ? startOf(fromMs, minuteMs) : endOf(fromMs, minuteMs);
    const end = toMs < this.#oldestRawMs ? endOf(toMs, minuteMs) : startOf(toMs, minuteMs);
    if (first >= end) {
      this.samples({ fromMs, toMs });
      return;
    }
    if (fromMs < first) this.samples({ fromMs, toMs: first });
    const rows = this.#db.prepare<[number, number, number], RollupRow>(
      'SELECT hour_ms, packed FROM minutes WHERE series_id = ? AND hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms',
    );
    for (const row of rows.iterate(this.#series.series_id, startOf(first, hourMs), end)) {
      const isWhole = row.hour_ms >= first && row.hour_ms + hourMs <= end;
      const minutes = unpack(row, minuteMs, isWhole ? this.#minutesFoldMs : minuteMs);
      this.#fold(isWhole ? minutes : minutes.filter(({ startMs }) => startMs >= first && startMs < end));
    }
    this.#unsealed({ fromMs: Math.max(first, fromMs), toMs: Math.min(end, toMs) });
    if (end < toMs) this.samples({ fromMs: end, toMs });
  }

  samples({ fromMs, toMs }: Span): void {
    for (const samples of readSamples(this.#db, this.#series, fromMs, toMs)) this.#foldSamples(samples);
  }

  /** What is in no rollup yet. */
  #unsealed({ fromMs, toMs }: Span): void {
    this.#foldSamples(readJournal(this.#db, this.#series, fromMs, toMs));
  }

  #foldSamples(samples: readonly PoolSample[]): void {
    for (const sample of samples) {
      foldBucket(this.#buckets, bucketOfSample(sample, this.#bucketMs), this.#bucketMs);
    }
  }

  #fold(rollups: readonly Bucket[]): void {
    for (const rollup of rollups) foldBucket(this.#buckets, rollup, this.#bucketMs);
  }
}

/** Damaged rollups are left out, as a gap. */
function unpack({ hour_ms: hour, packed }: RollupRow, lengthMs: number, foldMs: number): Bucket[] {
  try {
    return unpackBuckets(packed, hour, lengthMs, foldMs);
  } catch (error) {
    if (error instanceof DamagedDataError) return [];
    throw error;
  }
}

/** Whether a minute of the span was rolled up. */
function hasRollups(db: Database, { series_id: seriesId }: Series, fromMs: number, toMs: number): boolean {
  if (fromMs >= toMs) return false;
  const rows = db.prepare<[number, number, number], RollupRow>(
    'SELECT hour_ms, packed FROM minutes WHERE series_id = ? AND hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms',
  );
  const first = startOf(fromMs, minuteMs);
  for (const row of rows.iterate(seriesId, startOf(fromMs, hourMs), toMs)) {
    // Nearly always the first hour decides.
    if (unpack(row, minuteMs, minuteMs).some(({ startMs }) => startMs >= first && startMs < toMs))
      return true;
  }
  return false;
}
