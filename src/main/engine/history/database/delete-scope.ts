import type { Database } from 'better-sqlite3';
import type { DeletedHistory } from '#shared/contract/history-storage.ts';
import type { Recorder } from './recorder.ts';
import { hourMs, minuteMs, windowMs } from './windows.ts';

/** Which history: of one pool or all, older than a moment or of any age (null). */
export interface DeleteScope {
  profileId: string | null;
  rawBeforeMs: number | null;
  rollupsBeforeMs: number | null;
  eventsBeforeMs: number | null;
  /** Whether samples that are in no chunk yet go as well, or wait until they are sealed. */
  openToo: boolean;
}

/** A table of history, by what its rows cover and hold. */
interface Part {
  table: string;
  /** Whether it holds samples, not rollups: they are kept for fewer days. */
  isRaw?: true;
  start: 'window_ms' | 'hour_ms' | 'from_ms';
  lengthMs: number;
  /** How many samples or rollups a row holds. */
  rows: string;
  /** How many bytes. */
  bytes: string;
}

const bytes = 'length(packed)';

const parts: Part[] = [
  { table: 'chunks', isRaw: true, start: 'window_ms', lengthMs: windowMs, rows: 'samples', bytes },
  { table: 'minutes', start: 'hour_ms', lengthMs: hourMs, rows: 'rollups', bytes },
  { table: 'hours', start: 'hour_ms', lengthMs: hourMs, rows: '0', bytes },
  { table: 'session_minutes', start: 'from_ms', lengthMs: minuteMs, rows: '0', bytes },
  {
    ...{ table: 'pooler_minutes', start: 'from_ms', lengthMs: minuteMs, rows: '1' },
    bytes: 'length(total) + length(packed)',
  },
  {
    ...{ table: 'pooler_hours', start: 'hour_ms', lengthMs: hourMs, rows: '0' },
    bytes: 'length(total) + length(packed)',
  },
  { table: 'machine_samples', isRaw: true, start: 'from_ms', lengthMs: minuteMs, rows: 'samples', bytes },
  { table: 'machine_minutes', start: 'from_ms', lengthMs: minuteMs, rows: '1', bytes },
];

/** Rows deleted in one transaction: few enough that a tick never waits for long. */
const rowsPerStep = 200;

/** A row goes when all it covers is old enough: this is where the latest such row starts. */
function latestStart({ isRaw, lengthMs }: Part, scope: DeleteScope): number {
  const beforeMs = isRaw ? scope.rawBeforeMs : scope.rollupsBeforeMs;
  return beforeMs === null ? Number.MAX_SAFE_INTEGER : beforeMs - lengthMs;
}

const seriesOf = (recorder: Recorder, { profileId }: DeleteScope) =>
  recorder.series.all().filter((series) => profileId === null || series.profile_id === profileId);

const eventsWithin =
  '(:profileId IS NULL OR profile_id = :profileId) AND (:beforeMs IS NULL OR to_ms < :beforeMs)';
const eventParameters = ({ profileId, eventsBeforeMs }: DeleteScope) => ({
  profileId,
  beforeMs: eventsBeforeMs,
});

/** What a deletion would take. */
export function countScope(db: Database, recorder: Recorder, scope: DeleteScope): DeletedHistory {
  const events = db.prepare<unknown[], number>(`SELECT count(*) FROM events WHERE ${eventsWithin}`).pluck();
  const counted = {
    dryRun: true,
    samples: 0,
    rollups: 0,
    events: events.get(eventParameters(scope)) ?? 0,
    bytes: 0,
  };
  for (const { series_id: seriesId } of seriesOf(recorder, scope)) {
    if (scope.openToo) counted.samples += recorder.openCount(seriesId, scope.rawBeforeMs);
    for (const part of parts) {
      const { held, bytes } = db
        .prepare<[number, number], { held: number; bytes: number }>(
          `SELECT coalesce(sum(${part.rows}), 0) AS held, coalesce(sum(${part.bytes}), 0) AS bytes
           FROM ${part.table} WHERE series_id = ? AND ${part.start} <= ?`,
        )
        .get(seriesId, latestStart(part, scope)) ?? { held: 0, bytes: 0 };
      counted[part.isRaw ? 'samples' : 'rollups'] += held;
      counted.bytes += bytes;
    }
  }
  return counted;
}

/**
 * Deletes in small steps; ticks are taken in between.
 * @param pause lets others have a turn; when it throws, what is not yet deleted stays
 */
export async function deleteScope(
  db: Database,
  recorder: Recorder,
  scope: DeleteScope,
  pause: () => Promise<void>,
): Promise<void> {
  for (const { series_id: seriesId } of seriesOf(recorder, scope)) {
    if (scope.openToo) recorder.discard(seriesId, scope.rawBeforeMs);
    for (const part of parts) {
      while (deleteRows(db, recorder, part, seriesId, latestStart(part, scope))) await pause();
    }
  }
  db.prepare(`DELETE FROM events WHERE ${eventsWithin}`).run(eventParameters(scope));
}

/** @returns whether more rows are to go */
function deleteRows(db: Database, recorder: Recorder, part: Part, seriesId: number, latest: number): boolean {
  return db.transaction(() => {
    const rows = db
      .prepare<[number, number, number], { held: number; bytes: number }>(
        `DELETE FROM ${part.table} WHERE series_id = ? AND ${part.start} <= ?
         RETURNING ${part.rows} AS held, ${part.bytes} AS bytes ORDER BY ${part.start} LIMIT ?`,
      )
      .all(seriesId, latest, rowsPerStep);
    const { isRaw } = part;
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    recorder.series.addTotals(seriesId, {
      samples: isRaw ? -rows.reduce((sum, row) => sum + row.held, 0) : 0,
      rawBytes: isRaw ? -bytes : 0,
      rollupBytes: isRaw ? 0 : -bytes,
    });
    return rows.length === rowsPerStep;
  })();
}
