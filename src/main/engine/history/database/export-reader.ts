import type { Bucket } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { SampleReader } from '../sample-codec.ts';
import { readSamples, recordedSpan } from './chunks.ts';
import { readEvents } from './events-table.ts';
import { answerableBucketMs, foldRange, type Span } from './fold-range.ts';
import { openForReading } from './open-database.ts';
import { findSeries } from './series-table.ts';
import { windowMs } from './windows.ts';

/** The history as an export reads it: within its own thread, piece by piece. */
export interface ExportReader {
  /** At least as many as there are in the span. */
  countSamples(profileId: string, span: Span): number;
  samples(profileId: string, span: Span): Iterable<PoolSample[]>;
  /** All its samples lie within; null when there are none. */
  recorded(profileId: string): Span | null;
  /** The bucket length a span can be answered in. */
  bucketMs(profileId: string, span: Span, wantedMs: number): number;
  /** @param bucketMs as the above says */
  buckets(profileId: string, span: Span, bucketMs: number): Bucket[];
  events(profileIds: readonly string[], span: Span): HistoryEvent[];
  close(): void;
}

export function openExportReader(file: string): ExportReader {
  const db = openForReading(file);
  return {
    countSamples(profileId, { fromMs, toMs }) {
      const count = db.prepare<[string, number, number], number>(
        `SELECT coalesce(sum(samples), 0) FROM chunks JOIN series USING (series_id)
         WHERE profile_id = ? AND window_ms > ? AND window_ms < ?`,
      );
      return count.pluck().get(profileId, fromMs - windowMs, toMs) ?? 0;
    },
    samples(profileId, { fromMs, toMs }) {
      const series = findSeries(db, profileId);
      return series === null ? [] : readSamples(db, series, fromMs, toMs);
    },
    recorded(profileId) {
      const series = findSeries(db, profileId);
      return series === null ? null : recordedSpan(db, series);
    },
    bucketMs(profileId, span, wantedMs) {
      const series = findSeries(db, profileId);
      return series === null ? wantedMs : answerableBucketMs(db, series, span, wantedMs);
    },
    buckets(profileId, span, bucketMs) {
      const series = findSeries(db, profileId);
      return series === null ? [] : foldRange(db, series, span, bucketMs);
    },
    events: (profileIds, { fromMs, toMs }) => readEvents(db, profileIds, fromMs, toMs),
    close: () => void db.close(),
  };
}

/** The samples of runs that memory keeps packed, those that ended in the span. */
export function unpackRuns(
  runs: readonly Uint8Array[],
  profileId: string,
  { fromMs, toMs }: Span,
): PoolSample[] {
  const samples: PoolSample[] = [];
  for (const { buffer, byteOffset, length } of runs) {
    const reader = new SampleReader(Buffer.from(buffer, byteOffset, length));
    while (!reader.isAtEnd) {
      const sample = reader.read(profileId);
      if (sample.atMs >= fromMs && sample.atMs < toMs) samples.push(sample);
    }
  }
  return samples;
}
