import type { ResultCell, ResultWindow } from '#shared/model/query.ts';
import { ByteStore } from './byte-store.ts';
import { RowEncoder } from './row-codec.ts';
import { StoreCursor } from './store-cursor.ts';

/** Every so many rows, or bytes, the offset of a row is kept: 16 bytes of memory for each. */
const rowsPerMark = 256;
const bytesPerMark = 256 * 1024;
/** A window of very long rows ends here. */
const windowChars = 4_000_000;

/** The rows of one result, in the order they came, for random reading. Memory is bounded; see `ByteStore`. */
export class RowStore {
  readonly #store: ByteStore;
  readonly #encoder: RowEncoder;
  readonly #markRows: number[] = [];
  readonly #markOffsets: number[] = [];
  #columns = 0;
  #rows = 0;
  #flushedRows = 0;

  constructor(filePath: string) {
    this.#store = new ByteStore(filePath);
    this.#encoder = new RowEncoder((bytes) => this.#store.append(bytes));
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#store.size + this.#encoder.pending;
  }

  get isFull(): boolean {
    return this.#store.isFull;
  }

  get failure(): unknown {
    return this.#store.failure;
  }

  onDrained(resume: () => void): void {
    this.#store.onDrained(resume);
  }

  setColumns(count: number): void {
    this.#columns = count;
  }

  add(values: readonly (string | null)[]): void {
    const lastRow = this.#markRows.at(-1) ?? Number.NEGATIVE_INFINITY;
    const lastOffset = this.#markOffsets.at(-1) ?? 0;
    const offset = this.bytes;
    if (this.#rows - lastRow >= rowsPerMark || offset - lastOffset >= bytesPerMark) {
      this.#markRows.push(this.#rows);
      this.#markOffsets.push(offset);
    }
    this.#encoder.row(values);
    this.#rows += 1;
  }

  /** Makes everything added so far readable. */
  flush(): void {
    this.#encoder.flush();
    this.#flushedRows = this.#rows;
  }

  /** Rows from `from` on, at most `limit`. @throws what the file system throws */
  async window(
    from: number,
    limit: number,
    cellChars: number,
  ): Promise<Pick<ResultWindow, 'from' | 'rows' | 'available'>> {
    const rows: ResultCell[][] = [];
    if (from + limit > this.#flushedRows) this.flush();
    const available = this.#rows;
    const to = Math.min(available, from + limit);
    if (from < to) {
      const cursor = await this.#cursorAt(from);
      for (let row = from, chars = 0; row < to && chars < windowChars; row += 1) {
        const cells = await cursor.row(this.#columns, cellChars);
        for (const cell of cells) chars += typeof cell === 'string' ? cell.length : (cell?.cut.length ?? 0);
        rows.push(cells);
      }
    }
    return { from, rows, available };
  }

  /** A part of one value; null when there is no such row or column. */
  async piece(row: number, column: number, fromChar: number, maxChars: number) {
    if (row >= this.#rows || column >= this.#columns) return null;
    this.flush();
    const cursor = await this.#cursorAt(row);
    await cursor.skipValues(column);
    return await cursor.piece(fromChar, maxChars);
  }

  /** All rows that are here, whole, a few at a time. */
  async *batches(rowsPerBatch: number): AsyncGenerator<(string | null)[][], void, undefined> {
    this.flush();
    const [to, cursor] = [this.#rows, await this.#cursorAt(0)];
    let batch: (string | null)[][] = [];
    let chars = 0;
    for (let row = 0; row < to; row += 1) {
      const cells = (await cursor.row(this.#columns, Number.POSITIVE_INFINITY)) as (string | null)[];
      batch.push(cells);
      for (const cell of cells) chars += cell?.length ?? 0;
      if (batch.length < rowsPerBatch && chars < windowChars) continue;
      yield batch;
      batch = [];
      chars = 0;
    }
    if (batch.length > 0) yield batch;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #cursorAt(row: number): Promise<StoreCursor> {
    let [low, high] = [0, this.#markRows.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#markRows[middle] as number) <= row) low = middle;
      else high = middle - 1;
    }
    const cursor = new StoreCursor(this.#store, this.#markOffsets[low] ?? 0);
    for (let at = this.#markRows[low] ?? 0; at < row; at += 1) await cursor.skipRow(this.#columns);
    return cursor;
  }
}
