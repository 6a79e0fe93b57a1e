import { BusyPool } from '../../bench/history/busy-pool.ts';
import { openForWriting } from '../../src/main/engine/history/database/open-database.ts';
import { sealWindow } from '../../src/main/engine/history/database/seal.ts';
import { SeriesTable } from '../../src/main/engine/history/database/series-table.ts';
import { windowMs } from '../../src/main/engine/history/database/windows.ts';
import type { PoolSample } from '../../src/shared/model/pool-sample.ts';

/**
 * Puts hours of a busy pool into a history file that nothing has open, as recording them would
 * have: whole windows, the last of them ended. Returns when it ends.
 */
export function recordPast(
  file: string,
  past: {
    profileId: string;
    name: string;
    hours: number;
    endMs: number;
    /** What the pool did in a second; a busy pool unless told. */
    sample?: (atMs: number) => PoolSample;
  },
): number {
  const { profileId, name, hours, endMs } = past;
  const db = openForWriting(file);
  try {
    const lastMs = Math.floor(endMs / windowMs) * windowMs;
    const series = new SeriesTable(db);
    const seriesId = series.numberOf(profileId, name);
    const pool = new BusyPool(profileId, 15, 1);
    const sample = past.sample ?? ((atMs: number) => pool.sample(atMs));
    db.transaction(() => {
      for (let window = lastMs - hours * 3_600_000; window < lastMs; window += windowMs) {
        const batch = Array.from({ length: windowMs / 1000 }, (_, i) => sample(window + 500 + i * 1000));
        series.addTotals(seriesId, sealWindow(db, seriesId, window, batch));
      }
      series.setSealed(seriesId, 0, lastMs - 500);
    })();
    return lastMs;
  } finally {
    db.close();
  }
}
