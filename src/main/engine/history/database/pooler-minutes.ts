import type { Database } from 'better-sqlite3';
import { mergePerBucket, type PoolerPoint, type PoolScope } from '#shared/model/pooler-point.ts';
import { mergeMinutes, type PoolerMinute } from '../poolers/minute.ts';
import { packMinute, poolReader, totalFrom, unpackMinute } from '../poolers/minute-codec.ts';
import { findSeries, type SeriesTable } from './series-table.ts';
import { hourMs, minuteMs, startOf } from './windows.ts';

export interface RecordedPoolerMinute {
  profileId: string;
  /** What the connection is called now. */
  name: string;
  minute: PoolerMinute;
}

export interface PoolerQuery {
  profileId: string;
  scope: PoolScope;
  fromMs: number;
  toMs: number;
  bucketMs: number;
}

export function appendPoolerMinute(db: Database, series: SeriesTable, recorded: RecordedPoolerMinute): void {
  const { profileId, name, minute } = recorded;
  const { total, pools } = packMinute(minute);
  try {
    db.transaction(() => {
      const seriesId = series.numberOf(profileId, name);
      const fromMs = Math.round(minute.total.fromMs);
      db.prepare('INSERT INTO pooler_minutes (series_id, from_ms, total, packed) VALUES (?, ?, ?, ?)').run(
        seriesId,
        fromMs,
        total,
        pools,
      );
      const change = total.length + pools.length + rollUp(db, seriesId, startOf(fromMs, hourMs));
      series.addTotals(seriesId, { samples: 0, rawBytes: 0, rollupBytes: change });
    })();
  } catch (error) {
    series.reload();
    throw error;
  }
}

interface Row {
  total: Buffer;
  packed: Buffer;
}

/**
 * Makes one row of the last hour before this one, unless that was done. This hour's own, where the clock
 * was set back into it, is out of date.
 * @returns the bytes that came
 */
function rollUp(db: Database, seriesId: number, hour: number): number {
  const gone = db
    .prepare<[number, number], number>(
      `DELETE FROM pooler_hours WHERE series_id = ? AND hour_ms = ? RETURNING length(total) + length(packed)`,
    )
    .pluck()
    .get(seriesId, hour);
  const came = rollUpHourBefore(db, seriesId, hour);
  return came - (gone ?? 0);
}

function rollUpHourBefore(db: Database, seriesId: number, hour: number): number {
  const last = db
    .prepare<[number, number], number | null>(
      'SELECT max(from_ms) FROM pooler_minutes WHERE series_id = ? AND from_ms < ?',
    )
    .pluck()
    .get(seriesId, hour);
  if (last === null || last === undefined) return 0;
  const lastHour = startOf(last, hourMs);
  const done = db.prepare('SELECT 1 FROM pooler_hours WHERE series_id = ? AND hour_ms = ?');
  if (done.get(seriesId, lastHour) !== undefined) return 0;
  const rows = db
    .prepare<[number, number, number], Row>(
      `SELECT total, packed FROM pooler_minutes WHERE series_id = ? AND from_ms >= ? AND from_ms < ?
       ORDER BY from_ms`,
    )
    .all(seriesId, lastHour, lastHour + hourMs);
  const merged = mergeMinutes(rows.flatMap((row) => readable(row, unpackRow) ?? []));
  if (merged === null) return 0;
  const { total, pools } = packMinute(merged);
  db.prepare('INSERT INTO pooler_hours (series_id, hour_ms, total, packed) VALUES (?, ?, ?, ?)').run(
    seriesId,
    lastHour,
    total,
    pools,
  );
  return total.length + pools.length;
}

const unpackRow = ({ total, packed }: Row) => unpackMinute({ total, pools: packed });

/** What the disk knows of a range, and up to which moment it knows what it was asked for. */
export interface PoolerPast {
  points: PoolerPoint[];
  /** The newest sample in the minutes that began before `beforeMs`, of whatever range; 0 when none. */
  coveredMs: number;
}

/**
 * Minutes that ended in the span and began before `beforeMs`, merged by bucket, in whole hours as far
 * as that is exact. What is damaged is left out, and so is a minute in which the pool was not among those kept.
 */
export function readPoolerPoints(db: Database, query: PoolerQuery & { beforeMs: number }): PoolerPast {
  const { profileId, scope, fromMs, toMs, bucketMs, beforeMs } = query;
  const seriesId = findSeries(db, profileId)?.series_id;
  if (seriesId === undefined) return { points: [], coveredMs: 0 };
  const isTotal = scope.database === null;
  const column = isTotal ? 'total' : 'packed';
  const pointOf = isTotal ? totalFrom : poolReader(scope);
  const endMs = Math.min(toMs, beforeMs);
  const minutes = db
    .prepare<[number, number, number], Buffer>(
      `SELECT ${column} FROM pooler_minutes WHERE series_id = ? AND from_ms >= ? AND from_ms < ?
       ORDER BY from_ms`,
    )
    .pluck();
  function* points() {
    let atMs = fromMs - minuteMs;
    const hours = bucketMs % hourMs === 0 ? wholeHours(db, seriesId as number, column, fromMs, endMs) : [];
    for (const { hour_ms: hour, packed } of hours) {
      if (atMs < hour) yield* minutes.all(seriesId as number, atMs, hour);
      yield packed;
      atMs = hour + hourMs;
    }
    yield* minutes.iterate(seriesId as number, atMs, endMs);
  }
  function* within() {
    for (const packed of points()) {
      const point = readable(packed, pointOf);
      if (point !== null && point.atMs >= fromMs && point.atMs < toMs) yield point;
    }
  }
  return { points: mergePerBucket(within(), bucketMs), coveredMs: coveredMs(db, seriesId, beforeMs) };
}

const wholeHours = (db: Database, seriesId: number, column: string, fromMs: number, endMs: number) =>
  db
    .prepare<[number, number, number], { hour_ms: number; packed: Buffer }>(
      `SELECT hour_ms, ${column} AS packed FROM pooler_hours WHERE series_id = ? AND hour_ms >= ? AND hour_ms <= ?
       ORDER BY hour_ms`,
    )
    .all(seriesId, fromMs, endMs - hourMs);

function coveredMs(db: Database, seriesId: number, beforeMs: number): number {
  const newest = db
    .prepare<[number, number], Buffer>(
      'SELECT total FROM pooler_minutes WHERE series_id = ? AND from_ms < ? ORDER BY from_ms DESC LIMIT 1',
    )
    .pluck()
    .get(seriesId, beforeMs);
  return newest === undefined ? 0 : (readable(newest, totalFrom)?.atMs ?? 0);
}

function readable<P, T>(packed: P, read: (packed: P) => T | null): T | null {
  try {
    return read(packed);
  } catch {
    return null;
  }
}
