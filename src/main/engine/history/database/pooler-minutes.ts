import type { Database } from 'better-sqlite3';
import { mergePerBucket, type PoolerPoint, type PoolScope } from '#shared/model/pooler-point.ts';
import type { PoolerMinute } from '../poolers/minute.ts';
import { packMinute, poolReader, totalFrom } from '../poolers/minute-codec.ts';
import type { SeriesTable } from './series-table.ts';
import { minuteMs } from './windows.ts';

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
      db.prepare('INSERT INTO pooler_minutes (series_id, from_ms, total, packed) VALUES (?, ?, ?, ?)').run(
        seriesId,
        Math.round(minute.total.fromMs),
        total,
        pools,
      );
      series.addTotals(seriesId, { samples: 0, rawBytes: 0, rollupBytes: total.length + pools.length });
    })();
  } catch (error) {
    series.reload();
    throw error;
  }
}

/** What the disk knows of a range, and up to which moment it knows what it was asked for. */
export interface PoolerPast {
  points: PoolerPoint[];
  /** The newest sample in the minutes that began before `beforeMs`, of whatever range; 0 when none. */
  coveredMs: number;
}

/**
 * Minutes that ended in the span and began before `beforeMs`, merged by bucket. What is damaged is
 * left out, and so is a minute in which the pool was not among those kept.
 */
export function readPoolerPoints(db: Database, query: PoolerQuery & { beforeMs: number }): PoolerPast {
  const { profileId, scope, fromMs, toMs, bucketMs, beforeMs } = query;
  const isTotal = scope.database === null;
  const rows = db
    .prepare<unknown[], Buffer>(
      `SELECT ${isTotal ? 'total' : 'packed'} FROM pooler_minutes JOIN series USING (series_id)
       WHERE profile_id = ? AND from_ms >= ? AND from_ms < ? ORDER BY from_ms`,
    )
    .pluck();
  const pointOf = isTotal ? totalFrom : poolReader(scope);
  function* points() {
    for (const packed of rows.iterate(profileId, fromMs - minuteMs, Math.min(toMs, beforeMs))) {
      const point = readable(packed, pointOf);
      if (point !== null && point.atMs >= fromMs && point.atMs < toMs) yield point;
    }
  }
  const newest = db
    .prepare<unknown[], Buffer>(
      `SELECT total FROM pooler_minutes JOIN series USING (series_id)
       WHERE profile_id = ? AND from_ms < ? ORDER BY from_ms DESC LIMIT 1`,
    )
    .pluck()
    .get(profileId, beforeMs);
  const coveredMs = newest === undefined ? 0 : (readable(newest, totalFrom)?.atMs ?? 0);
  return { points: mergePerBucket(points(), bucketMs), coveredMs };
}

function readable(packed: Buffer, read: (packed: Buffer) => PoolerPoint | null): PoolerPoint | null {
  try {
    return read(packed);
  } catch {
    return null;
  }
}
