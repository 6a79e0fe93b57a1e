import type { Database } from 'better-sqlite3';
import { type MachineSample, machineSeriesId } from '#shared/model/machine.ts';
import { foldMachineSamples, foldPerBucket } from '#shared/model/machine-fold.ts';
import { packMachineSamples, readableMachineSamples } from '../machine/minute-codec.ts';
import { findSeries, type SeriesTable } from './series-table.ts';
import { minuteMs } from './windows.ts';

/** Of about a minute, oldest first. */
export type MachineMinute = [MachineSample, ...MachineSample[]];

export interface MachineQuery {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  /** Minutes that began at this moment or later are known elsewhere. */
  beforeMs: number;
}

/** What the machine is called among the connections that have history. */
const seriesName = 'This machine';

export function appendMachineMinute(db: Database, series: SeriesTable, minute: MachineMinute): void {
  const packed = packMachineSamples(minute);
  const folded = packMachineSamples([foldMachineSamples(minute)]);
  const fromMs = Math.round(minute[0].atMs);
  try {
    db.transaction(() => {
      const seriesId = series.numberOf(machineSeriesId, seriesName);
      db.prepare('INSERT INTO machine_samples (series_id, from_ms, samples, packed) VALUES (?, ?, ?, ?)').run(
        ...[seriesId, fromMs, minute.length, packed],
      );
      db.prepare('INSERT INTO machine_minutes (series_id, from_ms, packed) VALUES (?, ?, ?)').run(
        ...[seriesId, fromMs, folded],
      );
      const { length: samples } = minute;
      series.addTotals(seriesId, { samples, rawBytes: packed.length, rollupBytes: folded.length });
    })();
  } catch (error) {
    series.reload();
    throw error;
  }
}

/**
 * What ended in the span, at most one sample per bucket: from each sample where buckets are shorter than
 * a minute and those are still kept, from minutes otherwise. What is damaged is left out.
 */
export function readMachineSamples(db: Database, query: MachineQuery): MachineSample[] {
  const { fromMs, toMs, bucketMs, beforeMs } = query;
  const seriesId = findSeries(db, machineSeriesId)?.series_id;
  if (seriesId === undefined) return [];
  const endMs = Math.min(toMs, beforeMs);
  const wholeMs = bucketMs < minuteMs ? Math.min(endMs, oldestSampleMs(db, seriesId)) : endMs;
  const rowsOf = (table: 'machine_samples' | 'machine_minutes', from: number, to: number) =>
    db
      .prepare<[number, number, number], Buffer>(
        `SELECT packed FROM ${table} WHERE series_id = ? AND from_ms >= ? AND from_ms < ? ORDER BY from_ms`,
      )
      .pluck()
      .iterate(seriesId, from, to);
  function* rows() {
    const startMs = fromMs - minuteMs;
    yield* rowsOf('machine_minutes', startMs, wholeMs);
    yield* rowsOf('machine_samples', Math.max(startMs, wholeMs), endMs);
  }
  function* within() {
    for (const packed of rows())
      for (const sample of readableMachineSamples(packed))
        if (sample.atMs >= fromMs && sample.atMs < toMs) yield sample;
  }
  return foldPerBucket(within(), bucketMs);
}

/** Infinite when none is kept. */
function oldestSampleMs(db: Database, seriesId: number): number {
  const oldest = db
    .prepare<[number], number | null>('SELECT min(from_ms) FROM machine_samples WHERE series_id = ?')
    .pluck()
    .get(seriesId);
  return oldest ?? Number.POSITIVE_INFINITY;
}
