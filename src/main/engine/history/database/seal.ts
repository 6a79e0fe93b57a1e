import type { Database } from 'better-sqlite3';
import { type Bucket, foldBucket, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { packBuckets, unpackBuckets } from '../codec/bucket-codec.ts';
import { DamagedDataError } from '../codec/bytes.ts';
import { packChunk } from '../codec/chunk-codec.ts';
import type { TotalsChange } from './series-table.ts';
import { hourMs, minuteMs, startOf } from './windows.ts';

/**
 * Writes the samples of one window as a chunk and folds them into the rollups of their hour. To be
 * called within a transaction.
 * @param samples of one pool, in order of time, all of the window
 */
export function sealWindow(
  db: Database,
  seriesId: number,
  windowMs: number,
  samples: readonly PoolSample[],
): TotalsChange {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return { samples: 0, rawBytes: 0, rollupBytes: 0 };
  const packed = packChunk(samples, windowMs);
  db.prepare(
    'INSERT INTO chunks (series_id, window_ms, from_ms, to_ms, samples, packed) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(seriesId, windowMs, Math.round(first.atMs), Math.round(last.atMs), samples.length, packed);
  const minutes: Bucket[] = [];
  for (const sample of samples) foldSample(minutes, sample, minuteMs);
  const rollupBytes = foldIntoRollups(db, seriesId, startOf(windowMs, hourMs), minutes);
  return { samples: samples.length, rawBytes: packed.length, rollupBytes };
}

/** @returns by how many bytes the rollups grew */
function foldIntoRollups(db: Database, seriesId: number, hour: number, added: readonly Bucket[]): number {
  const row = db
    .prepare<[number, number], { packed: Buffer }>(
      'SELECT packed FROM minutes WHERE series_id = ? AND hour_ms = ?',
    )
    .get(seriesId, hour);
  const minutes = row === undefined ? [] : unpackMinutes(row.packed, hour);
  for (const bucket of added) foldBucket(minutes, bucket, minuteMs);
  const packedMinutes = packMinutes(minutes, hour);
  const whole: Bucket[] = [];
  for (const bucket of minutes) foldBucket(whole, bucket, hourMs);
  const packedHour = packHour(whole, hour);
  const before = row === undefined ? 0 : row.packed.length + hourBytes(db, seriesId, hour);
  db.prepare(
    `INSERT INTO minutes (series_id, hour_ms, rollups, packed) VALUES (?, ?, ?, ?)
     ON CONFLICT (series_id, hour_ms) DO UPDATE SET rollups = excluded.rollups, packed = excluded.packed`,
  ).run(seriesId, hour, minutes.length, packedMinutes);
  db.prepare('REPLACE INTO hours (series_id, hour_ms, packed) VALUES (?, ?, ?)').run(
    seriesId,
    hour,
    packedHour,
  );
  return packedMinutes.length + packedHour.length - before;
}

const hourBytes = (db: Database, seriesId: number, hour: number): number =>
  db
    .prepare<[number, number], number>('SELECT length(packed) FROM hours WHERE series_id = ? AND hour_ms = ?')
    .pluck()
    .get(seriesId, hour) ?? 0;

/** The rollups of an hour as they lie in `minutes`. Damaged ones begin anew; those of others stay. */
export function unpackMinutes(packed: Uint8Array, hour: number): Bucket[] {
  try {
    return unpackBuckets(packed, hour, minuteMs);
  } catch (error) {
    if (error instanceof DamagedDataError) return [];
    throw error;
  }
}

const packMinutes = (minutes: readonly Bucket[], hour: number): Uint8Array =>
  packBuckets(minutes, { windowMs: hour, bucketMs: minuteMs, compress: true });

/** Not compressed: ranges of months read thousands of them. */
const packHour = (hours: readonly Bucket[], hour: number): Uint8Array =>
  packBuckets(hours, { windowMs: hour, bucketMs: hourMs, compress: false });
