import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { peakPerBucket, type SessionsPoint } from '#shared/model/sessions/point.ts';
import type { SeriesTable } from './series-table.ts';
import { minuteMs } from './windows.ts';

export interface SessionMinute {
  profileId: string;
  /** What the connection is called now. */
  name: string;
  /** In order of time, within about a minute; not empty. */
  points: SessionsPoint[];
}

export function appendSessionMinute(db: Database, series: SeriesTable, minute: SessionMinute): void {
  const { profileId, name, points } = minute;
  const fromMs = Math.round(points[0]?.atMs ?? 0);
  // A minute's points are much alike: compressed together they take a few hundred bytes.
  const packed = deflateRawSync(JSON.stringify(points));
  try {
    db.transaction(() => {
      const seriesId = series.numberOf(profileId, name);
      db.prepare('INSERT INTO session_minutes (series_id, from_ms, packed) VALUES (?, ?, ?)').run(
        seriesId,
        fromMs,
        packed,
      );
      series.addTotals(seriesId, { samples: 0, rawBytes: 0, rollupBytes: packed.length });
    })();
  } catch (error) {
    series.reload();
    throw error;
  }
}

/** Points of these connections together, at most one per bucket; what is damaged is left out. */
export function readSessionPoints(
  db: Database,
  query: { profileIds: readonly string[]; fromMs: number; toMs: number; bucketMs: number },
): SessionsPoint[] {
  const { profileIds, fromMs, toMs, bucketMs } = query;
  const rows = db
    .prepare<unknown[], Buffer>(
      `SELECT packed FROM session_minutes JOIN series USING (series_id)
       WHERE profile_id IN (SELECT value FROM json_each(?)) AND from_ms >= ? AND from_ms < ?
       ORDER BY from_ms`,
    )
    .pluck();
  let peaks: SessionsPoint[] = [];
  let waiting: SessionsPoint[] = [];
  for (const packed of rows.iterate(JSON.stringify(profileIds), fromMs - minuteMs, toMs)) {
    waiting.push(...unpack(packed).filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
    // Months of minutes are not held all at once.
    if (waiting.length > 5000) {
      peaks = peakPerBucket([...peaks, ...waiting], bucketMs);
      waiting = [];
    }
  }
  return peakPerBucket([...peaks, ...waiting], bucketMs);
}

function unpack(packed: Uint8Array): SessionsPoint[] {
  try {
    return JSON.parse(inflateRawSync(packed).toString()) as SessionsPoint[];
  } catch {
    return [];
  }
}
