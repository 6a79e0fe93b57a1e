import type { Database } from 'better-sqlite3';
import { sealWindow } from './seal.ts';
import { SeriesTable } from './series-table.ts';
import {
  type JournalEntry,
  packedAtMs,
  packJournalRow,
  readableEntries,
  readableSamples,
  type TickBatch,
} from './tick-batch.ts';
import { startOf, windowMs } from './windows.ts';

/** Samples of one pool in one window that are in the journal and in no chunk yet. */
interface OpenRun {
  window: number;
  firstSeq: number;
  lastSeq: number;
  packed: Uint8Array[];
}

export interface OpenSamples {
  samples: number;
  bytes: number;
  firstAtMs: number;
  lastAtMs: number;
}

const isOlder = (run: OpenRun, beforeMs: number | null) =>
  beforeMs === null || run.window + windowMs <= beforeMs;

/**
 * Takes the ticks: each is one journal row in one transaction, and all of a window becomes a chunk
 * once a tick of another window has come. What a chunk holds is deleted from the journal when no
 * pool needs the row any more.
 */
export class Recorder {
  readonly series: SeriesTable;
  readonly #db: Database;
  /** Oldest first for each pool; more than one only until the older are sealed. */
  readonly #open = new Map<number, OpenRun[]>();
  #nextSeq = 1;

  /** Goes on where the last run of Poolscope ended, however it ended. */
  constructor(db: Database) {
    this.#db = db;
    this.series = new SeriesTable(db);
    const sealed = new Map(this.series.all().map((row) => [row.series_id, row.sealed_seq]));
    for (const sealedSeq of sealed.values()) this.#nextSeq = Math.max(this.#nextSeq, sealedSeq + 1);
    const rows = db.prepare<[], { seq: number; batch: Buffer }>(
      'SELECT seq, batch FROM journal ORDER BY seq',
    );
    for (const { seq, batch } of rows.iterate()) {
      this.#nextSeq = seq + 1;
      const isNew = ({ seriesId }: JournalEntry) => seq > (sealed.get(seriesId) ?? 0);
      this.#hold(seq, readableEntries(batch).filter(isNew));
    }
  }

  append(batch: TickBatch): void {
    const seq = this.#nextSeq;
    let row: Uint8Array | undefined;
    try {
      this.#db.transaction(() => {
        const ids = batch.profileIds.map((id, index) => this.series.numberOf(id, batch.names[index] ?? ''));
        row = packJournalRow(ids, batch);
        this.#db
          .prepare('INSERT INTO journal (seq, at_ms, batch) VALUES (?, ?, ?)')
          .run(seq, batch.atMs, row);
      })();
    } catch (error) {
      this.series.reload();
      throw error;
    }
    this.#nextSeq = seq + 1;
    if (row !== undefined) this.#hold(seq, readableEntries(row));
  }

  /**
   * Seals up to `limit` runs whose window is over by then.
   * @returns whether more are due
   */
  sealDue(nowMs: number, limit: number): boolean {
    const window = startOf(nowMs, windowMs);
    let left = limit;
    for (const [seriesId, runs] of this.#open) {
      // A run that others follow is over, whatever the clock says.
      while (runs[0] !== undefined && (runs.length > 1 || runs[0].window !== window)) {
        if (left === 0) return true;
        this.#seal(seriesId, runs[0]);
        runs.shift();
        left -= 1;
      }
      if (runs.length === 0) this.#open.delete(seriesId);
    }
    if (left < limit) this.#trimJournal();
    return false;
  }

  /** Drops what is open of a pool, or what of it is older than a moment. */
  discard(seriesId: number, beforeMs: number | null): void {
    const runs = this.#open.get(seriesId) ?? [];
    for (; runs[0] !== undefined && isOlder(runs[0], beforeMs); runs.shift()) {
      this.series.setSealed(seriesId, runs[0].lastSeq, null);
    }
    if (runs.length === 0) this.#open.delete(seriesId);
    this.#trimJournal();
  }

  /** How many samples are only in the journal, of those a `discard` would drop. */
  openCount(seriesId: number, beforeMs: number | null): number {
    const runs = (this.#open.get(seriesId) ?? []).filter((run) => isOlder(run, beforeMs));
    return runs.reduce((sum, run) => sum + run.packed.length, 0);
  }

  /** Samples that are only in the journal, by pool. */
  openSamples(): Map<number, OpenSamples> {
    const open = new Map<number, OpenSamples>();
    for (const [seriesId, runs] of this.#open) {
      const packed = runs.flatMap((run) => run.packed);
      const times = packed.map(packedAtMs);
      open.set(seriesId, {
        samples: packed.length,
        bytes: packed.reduce((sum, { length }) => sum + length, 0),
        firstAtMs: Math.min(...times),
        lastAtMs: Math.max(...times),
      });
    }
    return open;
  }

  #hold(seq: number, entries: readonly JournalEntry[]): void {
    for (const { seriesId, packed } of entries) {
      const window = startOf(packedAtMs(packed), windowMs);
      const runs = this.#open.get(seriesId) ?? [];
      this.#open.set(seriesId, runs);
      const run = runs.at(-1);
      if (run?.window === window) {
        run.packed.push(packed);
        run.lastSeq = seq;
      } else {
        runs.push({ window, firstSeq: seq, lastSeq: seq, packed: [packed] });
      }
    }
  }

  #seal(seriesId: number, run: OpenRun): void {
    const samples = readableSamples(run.packed, '');
    samples.sort((a, b) => a.atMs - b.atMs);
    this.#db.transaction(() => {
      this.series.addTotals(seriesId, sealWindow(this.#db, seriesId, run.window, samples));
      this.series.setSealed(seriesId, run.lastSeq, Math.round(samples.at(-1)?.atMs ?? run.window));
    })();
  }

  #trimJournal(): void {
    let needed = this.#nextSeq;
    for (const [run] of this.#open.values()) if (run !== undefined) needed = Math.min(needed, run.firstSeq);
    this.#db.prepare('DELETE FROM journal WHERE seq < ?').run(needed);
  }
}
