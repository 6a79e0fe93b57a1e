import type { Database } from 'better-sqlite3';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { openForWriting } from '../../src/main/engine/history/database/open-database.ts';
import { sealWindow } from '../../src/main/engine/history/database/seal.ts';
import { SeriesTable } from '../../src/main/engine/history/database/series-table.ts';
import { dayMs, hourMs, windowMs } from '../../src/main/engine/history/database/windows.ts';
import { BusyPool } from './busy-pool.ts';

export const profileIdOf = (pool: number): string => `pool-${pool}`;

/** Pools that are really simulated; the others repeat their days. */
const distinctPools = 2;

export interface BuiltHistory {
  /** The day after the last that was recorded. */
  endMs: number;
}

/**
 * A history as weeks of recording leave it: raw seconds and rollups for `rawDays`, only rollups for
 * the time before. One day of a few pools is simulated second by second and sealed by the store's
 * own code; the rest are copies of those rows, in the order recording would have written them.
 */
export function buildHistory(
  file: string,
  options: {
    pools: number;
    rawDays: number;
    perSecond: number;
    endMs: number;
    /** What becomes of each sample before it is recorded. */
    change?: (sample: PoolSample) => PoolSample;
  },
): BuiltHistory {
  const db = openForWriting(file);
  try {
    db.pragma('synchronous = OFF');
    const series = new SeriesTable(db);
    const firstDayMs = options.endMs - options.rawDays * dayMs;
    const numbers = Array.from({ length: options.pools }, (_, pool) =>
      series.numberOf(profileIdOf(pool), `Pool ${pool}`),
    );
    for (let pool = 0; pool < distinctPools; pool += 1) {
      const load = new BusyPool('', options.perSecond, pool + 1);
      const sampleAt = (atMs: number) => {
        const sample = load.sample(atMs);
        return options.change === undefined ? sample : options.change(sample);
      };
      simulateDay(db, numbers[pool] as number, sampleAt, firstDayMs);
    }
    repeatDay(db, numbers, firstDayMs, options.rawDays);
    const perDay = totalsOf(db, numbers[0] as number, firstDayMs);
    for (const number of numbers) {
      db.prepare(
        'UPDATE series SET raw_samples = ?, raw_bytes = ?, rollup_bytes = ?, last_at_ms = ? WHERE series_id = ?',
      ).run(
        86_400 * options.rawDays,
        perDay.raw * options.rawDays,
        perDay.rollups * options.rawDays,
        options.endMs,
        number,
      );
    }
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  return { endMs: options.endMs };
}

/** Adds `days` of rollups before the oldest day, as retention leaves them. */
export function addRollupDays(
  file: string,
  options: { pools: number; firstDayMs: number; days: number },
): void {
  const db = openForWriting(file);
  try {
    db.pragma('synchronous = OFF');
    const copy = (table: string, columns: string) =>
      db.prepare(
        `INSERT OR IGNORE INTO ${table} (series_id, hour_ms, ${columns})
         SELECT series_id, hour_ms - ?, ${columns} FROM ${table} WHERE hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms, series_id`,
      );
    for (let day = 1; day <= options.days; day += 1) {
      copy('minutes', 'rollups, packed').run(day * dayMs, options.firstDayMs, options.firstDayMs + dayMs);
      copy('hours', 'packed').run(day * dayMs, options.firstDayMs, options.firstDayMs + dayMs);
    }
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function simulateDay(
  db: Database,
  seriesId: number,
  sampleOf: (atMs: number) => PoolSample,
  dayStartMs: number,
): void {
  db.transaction(() => {
    for (let window = dayStartMs; window < dayStartMs + dayMs; window += windowMs) {
      const samples: PoolSample[] = [];
      for (let atMs = window + 500; atMs < window + windowMs; atMs += 1000) samples.push(sampleOf(atMs));
      sealWindow(db, seriesId, window, samples);
    }
  })();
}

/** Packed rows know their times only from their window, so a copy elsewhere is as good as recorded. */
function repeatDay(db: Database, numbers: readonly number[], dayStartMs: number, days: number): void {
  const chunk = db.prepare(
    `INSERT INTO chunks (series_id, window_ms, from_ms, to_ms, samples, packed)
     SELECT ?, window_ms + ?, from_ms + ?, to_ms + ?, samples, packed FROM chunks WHERE series_id = ? AND window_ms = ?`,
  );
  const minutes = db.prepare(
    `INSERT OR IGNORE INTO minutes (series_id, hour_ms, rollups, packed)
     SELECT ?, hour_ms + ?, rollups, packed FROM minutes WHERE series_id = ? AND hour_ms = ?`,
  );
  const hours = db.prepare(
    `INSERT OR IGNORE INTO hours (series_id, hour_ms, packed)
     SELECT ?, hour_ms + ?, packed FROM hours WHERE series_id = ? AND hour_ms = ?`,
  );
  for (let day = 0; day < days; day += 1) {
    const shift = day * dayMs;
    for (let hour = dayStartMs; hour < dayStartMs + dayMs; hour += hourMs) {
      db.transaction(() => {
        for (let window = hour; window < hour + hourMs; window += windowMs) {
          for (const [pool, number] of numbers.entries()) {
            const source = numbers[pool % distinctPools] as number;
            if (number !== source || day > 0) chunk.run(number, shift, shift, shift, source, window);
          }
        }
        for (const [pool, number] of numbers.entries()) {
          const source = numbers[pool % distinctPools] as number;
          minutes.run(number, shift, source, hour);
          hours.run(number, shift, source, hour);
        }
      })();
    }
  }
}

function totalsOf(db: Database, seriesId: number, dayStartMs: number): { raw: number; rollups: number } {
  const sum = (table: string, start: string) =>
    db
      .prepare<[number, number, number], number>(
        `SELECT sum(length(packed)) FROM ${table} WHERE series_id = ? AND ${start} >= ? AND ${start} < ?`,
      )
      .pluck()
      .get(seriesId, dayStartMs, dayStartMs + dayMs) ?? 0;
  return { raw: sum('chunks', 'window_ms'), rollups: sum('minutes', 'hour_ms') + sum('hours', 'hour_ms') };
}
