import type { Database } from 'better-sqlite3';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { DamagedDataError } from '../codec/bytes.ts';
import { unpackChunk } from '../codec/chunk-codec.ts';
import type { Series } from './series-table.ts';
import { readableEntries, readableSamples } from './tick-batch.ts';
import { startOf, windowMs } from './windows.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

/** A row of the journal is written moments after its samples were taken; far less than this. */
const rowLateMs = 60_000;

const isWithin = (fromMs: number, toMs: number) => (sample: PoolSample) =>
  sample.atMs >= fromMs && sample.atMs < toMs;

/** The start of the oldest window that still has its samples; null when none has. */
export function oldestWindowMs(db: Database, seriesId: number): number | null {
  return db
    .prepare<[number], number | null>('SELECT min(window_ms) FROM chunks WHERE series_id = ?')
    .pluck()
    .get(seriesId) as number | null;
}

/**
 * Samples that ended in [fromMs, toMs), a window at a time and in order of time, then those of the
 * journal. Each window is read in a transaction of its own, so that however long the reader takes,
 * the writer is not held up; what is sealed meanwhile comes once, and from where it then is.
 */
export function* readSamples(
  db: Database,
  series: Series,
  fromMs: number,
  toMs: number,
): Generator<PoolSample[], void, undefined> {
  const next = db.prepare<[number, number, number], number>(
    'SELECT window_ms FROM chunks WHERE series_id = ? AND window_ms > ? AND window_ms < ? ORDER BY window_ms LIMIT 1',
  );
  const rowsOf = db
    .prepare<[number, number], Buffer>('SELECT packed FROM chunks WHERE series_id = ? AND window_ms = ?')
    .pluck();
  let window = startOf(fromMs, windowMs) - 1;
  for (;;) {
    const step = db.transaction(() => {
      const found = next.pluck().get(series.series_id, window, toMs);
      if (found === undefined) return { found, samples: readJournal(db, series, fromMs, toMs) };
      return {
        found,
        samples: within(
          unpackAll(rowsOf.all(series.series_id, found) as Buffer[], series, found),
          fromMs,
          toMs,
        ),
      };
    })();
    if (step.samples.length > 0) yield step.samples;
    if (step.found === undefined) return;
    window = step.found;
  }
}

/** The samples of a window; a chunk that is damaged is left out, as a gap. */
function unpackAll(chunks: readonly Buffer[], series: Series, window: number): PoolSample[] {
  const samples = chunks.flatMap((packed) => {
    try {
      return unpackChunk(packed, series.profile_id, window);
    } catch (error) {
      if (error instanceof DamagedDataError) return [];
      throw error;
    }
  });
  return chunks.length > 1 ? samples.sort((a, b) => a.atMs - b.atMs) : samples;
}

/** Most windows lie within the span as a whole. */
function within(samples: PoolSample[], fromMs: number, toMs: number): PoolSample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return samples;
  return first.atMs >= fromMs && last.atMs < toMs ? samples : samples.filter(isWithin(fromMs, toMs));
}

/** From the first to the last moment that a sample of the series may be of; null when there is none. */
export function recordedSpan(db: Database, { series_id: seriesId }: Series): Span | null {
  const sealed = db
    .prepare<[number], { first: number | null; last: number | null }>(
      'SELECT min(window_ms) AS first, max(window_ms) AS last FROM chunks WHERE series_id = ?',
    )
    .get(seriesId);
  const waiting = db
    .prepare<[], { first: number | null; last: number | null }>(
      'SELECT min(at_ms) AS first, max(at_ms) AS last FROM journal',
    )
    .get();
  const spans: Span[] = [];
  if (sealed != null && sealed.first !== null && sealed.last !== null)
    spans.push({ fromMs: sealed.first, toMs: sealed.last + windowMs });
  if (waiting != null && waiting.first !== null && waiting.last !== null)
    spans.push({ fromMs: waiting.first - rowLateMs, toMs: waiting.last + 1 });
  if (spans.length === 0) return null;
  return {
    fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...spans.map(({ toMs }) => toMs)),
  };
}

/** What is in no chunk yet. */
export function readJournal(db: Database, series: Series, fromMs: number, toMs: number): PoolSample[] {
  const { sealed_seq: sealedSeq } = db
    .prepare<[number], { sealed_seq: number }>('SELECT sealed_seq FROM series WHERE series_id = ?')
    .get(series.series_id) ?? { sealed_seq: 0 };
  const rows = db.prepare<[number, number, number], Buffer>(
    'SELECT batch FROM journal WHERE seq > ? AND at_ms >= ? AND at_ms < ? ORDER BY seq',
  );
  const packed: Uint8Array[] = [];
  // A row's own time is at most moments after that of its samples.
  for (const batch of rows.pluck().iterate(sealedSeq, fromMs, toMs + rowLateMs) as Iterable<Buffer>) {
    for (const entry of readableEntries(batch)) {
      if (entry.seriesId === series.series_id) packed.push(entry.packed);
    }
  }
  const samples = readableSamples(packed, series.profile_id).filter(isWithin(fromMs, toMs));
  return samples.sort((a, b) => a.atMs - b.atMs);
}
