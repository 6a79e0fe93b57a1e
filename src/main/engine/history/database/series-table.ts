import type { Database } from 'better-sqlite3';

export interface Series {
  series_id: number;
  profile_id: string;
  name: string;
  sealed_seq: number;
  raw_samples: number;
  raw_bytes: number;
  rollup_bytes: number;
  last_at_ms: number | null;
}

/** What sealing or deleting changes in the totals of a series. */
export interface TotalsChange {
  samples: number;
  rawBytes: number;
  rollupBytes: number;
}

/** The recorded connections, each with a short number that chunks name it by. */
export class SeriesTable {
  readonly #db: Database;
  readonly #known = new Map<string, Series>();

  constructor(db: Database) {
    this.#db = db;
    for (const series of this.all()) this.#known.set(series.profile_id, series);
  }

  get count(): number {
    return this.#known.size;
  }

  all(): Series[] {
    return this.#db.prepare<[], Series>('SELECT * FROM series').all();
  }

  /** The number of a connection, made when it is new; keeps the name it has now. */
  numberOf(profileId: string, name: string): number {
    const known = this.#known.get(profileId);
    if (known !== undefined && known.name === name) return known.series_id;
    const series = this.#db
      .prepare<[string, string], Series>(
        `INSERT INTO series (profile_id, name) VALUES (?, ?)
         ON CONFLICT (profile_id) DO UPDATE SET name = excluded.name RETURNING *`,
      )
      .get(profileId, name) as Series;
    this.#known.set(profileId, series);
    return series.series_id;
  }

  /** Forgets what a rolled back transaction made known. */
  reload(): void {
    this.#known.clear();
    for (const series of this.all()) this.#known.set(series.profile_id, series);
  }

  setSealed(seriesId: number, seq: number, lastAtMs: number | null): void {
    this.#db
      .prepare(
        `UPDATE series SET sealed_seq = max(sealed_seq, ?),
           last_at_ms = coalesce(max(last_at_ms, ?), ?, last_at_ms) WHERE series_id = ?`,
      )
      .run(seq, lastAtMs, lastAtMs, seriesId);
  }

  addTotals(seriesId: number, { samples, rawBytes, rollupBytes }: TotalsChange): void {
    this.#db
      .prepare(
        `UPDATE series SET raw_samples = raw_samples + ?, raw_bytes = raw_bytes + ?, rollup_bytes = rollup_bytes + ?
         WHERE series_id = ?`,
      )
      .run(samples, rawBytes, rollupBytes, seriesId);
  }
}

/** Null when nothing of that connection was ever recorded. */
export function findSeries(db: Database, profileId: string): Series | null {
  return db.prepare<[string], Series>('SELECT * FROM series WHERE profile_id = ?').get(profileId) ?? null;
}
