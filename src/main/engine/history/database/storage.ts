import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { HistoryStorage, ProfileStorage } from '#shared/contract/history-storage.ts';
import type { OpenSamples, Recorder } from './recorder.ts';
import { readRetention } from './retention.ts';
import { unpackMinutes } from './seal.ts';
import type { Series } from './series-table.ts';
import { dayMs, hourMs, startOf, windowMs } from './windows.ts';

/** Pages hold a little less than their size. */
const pageOverhead = 1.04;

/** Everything the store itself knows of what it takes up. */
export type StoredSizes = Omit<HistoryStorage, 'recording'>;

export function measureStorage(db: Database, recorder: Recorder): StoredSizes {
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  const open = recorder.openSamples();
  const profiles = recorder.series
    .all()
    .map((series) => profileStorage(db, series, open.get(series.series_id)))
    .filter(({ bytes, samples }) => bytes > 0 || samples > 0)
    .sort((a, b) => b.bytes - a.bytes);
  const oldest = profiles.flatMap(({ oldestAtMs }) => (oldestAtMs === null ? [] : [oldestAtMs]));
  const retention = readRetention(db);
  const { raw, rollups } = bytesPerDay(db);
  return {
    file: db.name,
    usedBytes: fileBytes(db.name) + fileBytes(`${db.name}-wal`),
    freeBytes: (db.pragma('freelist_count', { simple: true }) as number) * pageBytes,
    oldestAtMs: oldest.length === 0 ? null : Math.min(...oldest),
    profiles,
    bytesPerDay: Math.round(raw + rollups),
    projectedBytes: Math.round(raw * retention.rawDays + rollups * retention.rollupDays),
    retention,
  };
}

export function fileBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function profileStorage(db: Database, series: Series, open: OpenSamples | undefined): ProfileStorage {
  const seen = ['session_minutes', 'pooler_minutes', 'machine_minutes'].map((table) =>
    db
      .prepare<{ id: number }, { oldest: number | null; newest: number | null }>(
        // Each alone is found at an end of the index; together they would read all of it.
        `SELECT (SELECT min(from_ms) FROM ${table} WHERE series_id = :id) AS oldest,
           (SELECT max(from_ms) FROM ${table} WHERE series_id = :id) AS newest`,
      )
      .get({ id: series.series_id }),
  );
  const starts = [oldestOnDisk(db, series), ...seen.map((minutes) => minutes?.oldest), open?.firstAtMs];
  const newest = seen.flatMap((minutes) => minutes?.newest ?? []);
  const known = starts.filter((atMs) => typeof atMs === 'number');
  return {
    profileId: series.profile_id,
    name: series.name,
    bytes: series.raw_bytes + series.rollup_bytes + (open?.bytes ?? 0),
    samples: series.raw_samples + (open?.samples ?? 0),
    oldestAtMs: known.length === 0 ? null : Math.min(...known),
    newestAtMs: open?.lastAtMs ?? series.last_at_ms ?? newest.at(-1) ?? null,
  };
}

/** The first sample, or the first minute where its seconds are gone; null when nothing is sealed. */
function oldestOnDisk(db: Database, { series_id }: Series): number | null {
  const raw = db
    .prepare<[number], number | null>('SELECT min(from_ms) FROM chunks WHERE series_id = ?')
    .pluck()
    .get(series_id);
  const hour = db
    .prepare<[number], { hour_ms: number; packed: Buffer }>(
      'SELECT hour_ms, packed FROM minutes WHERE series_id = ? ORDER BY hour_ms LIMIT 1',
    )
    .get(series_id);
  if (hour === undefined || (typeof raw === 'number' && startOf(raw, hourMs) <= hour.hour_ms))
    return raw ?? null;
  return unpackMinutes(hour.packed, hour.hour_ms)[0]?.startMs ?? hour.hour_ms;
}

/** By the last day in which anything was recorded; of a shorter time, by that time. */
function bytesPerDay(db: Database): { raw: number; rollups: number } {
  const { raw, rollups } = poolBytesPerDay(db);
  const seen =
    keptBytesPerDay(db, 'session_minutes', 'from_ms', 'length(packed)') +
    keptBytesPerDay(db, 'pooler_minutes', 'from_ms', 'length(total) + length(packed)') +
    keptBytesPerDay(db, 'pooler_hours', 'hour_ms', 'length(total) + length(packed)') +
    keptBytesPerDay(db, 'machine_minutes', 'from_ms', 'length(packed)');
  const machine = keptBytesPerDay(db, 'machine_samples', 'from_ms', 'length(packed)');
  return { raw: raw + machine, rollups: rollups + seen };
}

/** Of what is kept as it came. */
function keptBytesPerDay(db: Database, table: string, start: string, length: string): number {
  // Connection by connection: the index begins with it.
  const newest = db
    .prepare<[], number | null>(
      `SELECT max(newest) FROM (SELECT (SELECT max(${start}) FROM ${table} WHERE series_id = series.series_id)
         AS newest FROM series)`,
    )
    .pluck()
    .get();
  const { bytes, first, last } = db
    .prepare<[number], { bytes: number | null; first: number | null; last: number | null }>(
      `SELECT sum(${length}) AS bytes, min(${start}) AS first, max(${start}) AS last FROM ${table}
       WHERE series_id IN (SELECT series_id FROM series) AND ${start} >= ?`,
    )
    .get((newest ?? 0) - dayMs) ?? { bytes: null, first: null, last: null };
  if (bytes === null || first === null || last === null) return 0;
  return (bytes * pageOverhead * dayMs) / Math.max(windowMs, last - first);
}

/** 0 before the first chunk. */
function poolBytesPerDay(db: Database): { raw: number; rollups: number } {
  const newest = db.prepare<[], number | null>('SELECT max(last_at_ms) FROM series').pluck().get();
  if (newest === null || newest === undefined) return { raw: 0, rollups: 0 };
  const sum = (table: string, start: string) =>
    db
      .prepare<[number], { bytes: number; first: number | null }>(
        `SELECT coalesce(sum(length(packed)), 0) AS bytes, min(${start}) AS first FROM ${table}
         WHERE series_id IN (SELECT series_id FROM series) AND ${start} >= ?`,
      )
      .get(newest - dayMs) ?? { bytes: 0, first: null };
  const raw = sum('chunks', 'window_ms');
  if (raw.first === null) return { raw: 0, rollups: 0 };
  const days = Math.max(windowMs, newest - raw.first) / dayMs;
  const scale = pageOverhead / days;
  return {
    raw: raw.bytes * scale,
    rollups: (sum('minutes', 'hour_ms').bytes + sum('hours', 'hour_ms').bytes) * scale,
  };
}
