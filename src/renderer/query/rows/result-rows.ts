import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ResultCell, ResultWindow } from '#shared/model/query.ts';
import { isCancelled, payloadOf } from '../../data/errors.ts';

type Row = readonly ResultCell[];

const pageRows = 100;
/** Enough for any screen with room to scroll back; the engine has the rest. */
const pagesKept = 30;

/** Reads up to `limit` rows from row `from` on. */
export type ReadRows = (from: number, limit: number) => Promise<ResultWindow>;

/**
 * The rows of a result that are near what is on screen, read from the engine as they come into view
 * and dropped again, so that memory does not grow with the result.
 */
export class ResultRows {
  readonly #read: ReadRows;
  readonly #listeners = new Set<() => void>();
  /** By page; the last used is the last of the map. A page fills up as rows come in. */
  readonly #pages = new Map<number, Row[]>();
  #available = 0;
  #wanted = { first: 0, end: 0 };
  #reading = false;
  #error: ErrorPayload | null = null;
  #version = 0;

  constructor(read: ReadRows) {
    this.#read = read;
  }

  /** Changes whenever a row has come. */
  version = (): number => this.#version;

  /** Why rows could not be read; null again after the next reading. */
  error = (): ErrorPayload | null => this.#error;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Undefined while it is not here. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.[index % pageRows];
  }

  /** Rows `first` to before `end` are looked at. */
  want(first: number, end: number): void {
    this.#wanted = { first, end };
    void this.#pump();
  }

  /** The engine has so many rows by now. */
  setAvailable(rows: number): void {
    if (rows === this.#available) return;
    this.#available = rows;
    void this.#pump();
  }

  /** Takes rows that came with another answer. */
  put({ from, rows, available }: ResultWindow): void {
    this.#available = Math.max(this.#available, available);
    for (const [index, row] of rows.entries()) this.#put(from + index, row);
    this.#trim();
    this.#changed();
  }

  #put(index: number, row: Row): void {
    const number = Math.floor(index / pageRows);
    const page = this.#pages.get(number) ?? [];
    page[index % pageRows] = row;
    this.#pages.delete(number);
    this.#pages.set(number, page);
  }

  #trim(): void {
    for (const number of [...this.#pages.keys()].slice(0, -pagesKept)) this.#pages.delete(number);
  }

  /** The first row that is looked at, could be here and is not. */
  #missing(): number | null {
    const end = Math.min(this.#wanted.end, this.#available);
    for (let index = this.#wanted.first; index < end; index += 1) {
      if (this.row(index) === undefined) return index;
    }
    return null;
  }

  /** One reading at a time, always of what is looked at now: whoever scrolls far waits for no page in between. */
  async #pump(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let from = this.#missing(); from !== null; from = this.#missing()) {
        const pageEnd = (Math.floor(from / pageRows) + 1) * pageRows;
        const window = await this.#read(from, pageEnd - from);
        this.#error = null;
        if (window.rows.length === 0) break;
        this.put(window);
      }
    } catch (error) {
      if (isCancelled(error)) return;
      this.#error = payloadOf(error);
      this.#changed();
    } finally {
      this.#reading = false;
    }
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}
