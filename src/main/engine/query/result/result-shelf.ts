import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { RowStore } from './row-store.ts';

/** What results may take up, in bytes. */
export interface ShelfLimits {
  perResult: number;
  allResults: number;
  /** Left free on the disk, whatever else is allowed. */
  keepFree: number;
}

const defaultLimits: ShelfLimits = {
  perResult: 2 * 1024 ** 3,
  allResults: 4 * 1024 ** 3,
  keepFree: 1024 ** 3,
};
/** How often the disk is asked for its free space. */
const askEveryBytes = 64 * 1024 * 1024;

/** One result's place on the shelf. */
export interface ShelvedResult {
  readonly rows: RowStore;
  /** Marks it as looked at. */
  touch(): void;
  /** False once there is no room for more. Asks the disk now and then. */
  hasRoom(): Promise<boolean>;
  /** No more rows will come, so that it may be dropped when idle. */
  finish(): void;
  /** Keeps the rows for someone who reads them all, even if they are dropped, until the function returned is called. */
  hold(): () => void;
  drop(): Promise<void>;
}

interface Entry {
  rows: RowStore;
  lastUsedMs: number;
  finished: boolean;
  holds: number;
  onDropped: () => void;
}

/**
 * Where rows of results are kept while somebody may look at them: in the data folder, whose disk is
 * no memory, as /tmp often is. What a crash left behind is deleted at the next start.
 */
export class ResultShelf {
  readonly #folder: string;
  readonly #limits: ShelfLimits;
  readonly #idleMs: number;
  readonly #entries = new Set<Entry>();
  /** What a crash left behind is gone. */
  readonly #cleaned: Promise<void>;
  #next = 1;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { dataFolder: string; idleMs: number; limits?: ShelfLimits }) {
    this.#folder = path.join(options.dataFolder, 'query-results');
    this.#limits = options.limits ?? defaultLimits;
    this.#idleMs = options.idleMs;
    this.#cleaned = rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  get usedBytes(): number {
    let bytes = 0;
    for (const { rows } of this.#entries) bytes += rows.bytes;
    return bytes;
  }

  /** @param onDropped called when its rows are gone, whoever dropped them */
  async open(onDropped: () => void): Promise<ShelvedResult> {
    await this.#cleaned;
    // Each time: it may have failed before, or the folder may have been cleaned away.
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const rows = new RowStore(path.join(this.#folder, `result-${this.#next++}.rows`));
    const entry: Entry = { rows, lastUsedMs: performance.now(), finished: false, holds: 0, onDropped };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#dropIdle(), Math.min(30_000, this.#idleMs / 2)).unref();
    let askedAtBytes = 0;
    return {
      rows,
      touch: () => {
        entry.lastUsedMs = performance.now();
      },
      hasRoom: async () => {
        if (rows.bytes > this.#limits.perResult || !this.#makeRoom()) return false;
        if (rows.bytes - askedAtBytes < askEveryBytes) return true;
        askedAtBytes = rows.bytes;
        const { bavail, bsize } = await statfs(this.#folder);
        return bavail * bsize > this.#limits.keepFree;
      },
      finish: () => {
        entry.finished = true;
      },
      hold: () => {
        entry.holds += 1;
        let isHeld = true;
        return () => {
          if (!isHeld) return;
          isHeld = false;
          entry.holds -= 1;
          if (entry.holds === 0 && !this.#entries.has(entry)) void rows.close();
        };
      },
      drop: () => this.#drop(entry),
    };
  }

  /** Deletes everything. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await Promise.all([...this.#entries].map((entry) => this.#drop(entry)));
    await this.#cleaned;
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  /** Drops the results nobody looked at for longest, until all fit. */
  #makeRoom(): boolean {
    while (this.usedBytes > this.#limits.allResults) {
      const idle = [...this.#entries].filter(({ finished, holds }) => finished && holds === 0);
      const oldest = idle.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)[0];
      if (oldest === undefined) return false;
      void this.#drop(oldest);
    }
    return true;
  }

  #dropIdle(): void {
    const before = performance.now() - this.#idleMs;
    for (const entry of this.#entries) {
      if (entry.finished && entry.holds === 0 && entry.lastUsedMs < before) void this.#drop(entry);
    }
  }

  async #drop(entry: Entry): Promise<void> {
    if (!this.#entries.delete(entry)) return;
    entry.onDropped();
    if (entry.holds === 0) await entry.rows.close();
  }
}
