import { StringDecoder } from 'node:string_decoder';
import type { ResultCell } from '#shared/model/query.ts';
import type { ByteStore } from './byte-store.ts';
import { longBytes } from './row-codec.ts';

const readAheadBytes = 256 * 1024;

/** What stands before a value. */
interface Header {
  /** -1 for null. */
  bytes: number;
  chars: number | null;
}

/** Reads rows from a store, in order. Long values are passed over without being read. */
export class StoreCursor {
  readonly #store: ByteStore;
  #buffer: Buffer = Buffer.alloc(0);
  /** Of the buffer's first byte, in the store. */
  #offset: number;
  #at = 0;

  constructor(store: ByteStore, offset: number) {
    this.#store = store;
    this.#offset = offset;
  }

  /** One row. Values longer than `maxChars` are cut. */
  async row(columns: number, maxChars: number): Promise<ResultCell[]> {
    const cells: ResultCell[] = [];
    for (let i = 0; i < columns; i += 1) {
      if (!this.#has(4)) await this.#fill(4);
      const bytes = this.#buffer.readInt32BE(this.#at);
      this.#at += 4;
      if (bytes < 0) cells.push(null);
      else if (bytes >= longBytes) cells.push(await this.#longCell(bytes, maxChars));
      else {
        if (!this.#has(bytes)) await this.#fill(bytes);
        const text = this.#buffer.toString('utf8', this.#at, this.#at + bytes);
        this.#at += bytes;
        cells.push(text.length > maxChars ? { cut: headOf(text, maxChars), chars: text.length } : text);
      }
    }
    return cells;
  }

  async skipRow(columns: number): Promise<void> {
    await this.skipValues(columns);
  }

  async skipValues(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) this.#skip(Math.max(0, (await this.#header()).bytes));
  }

  /** A part of the value that comes next, decoded from its start. */
  async piece(fromChar: number, maxChars: number): Promise<{ text: string | null; chars: number }> {
    const { bytes, chars } = await this.#header();
    if (bytes < 0) return { text: null, chars: 0 };
    const decoder = new StringDecoder('utf8');
    let [passed, text] = [0, ''];
    for (let left = bytes; left > 0 && passed < fromChar + maxChars; ) {
      const size = Math.min(left, readAheadBytes);
      if (!this.#has(size)) await this.#fill(size);
      const part = decoder.write(this.#buffer.subarray(this.#at, this.#at + size));
      this.#at += size;
      left -= size;
      text += part.slice(Math.max(0, fromChar - passed), Math.max(0, fromChar + maxChars - passed));
      passed += part.length;
    }
    return { text, chars: chars ?? passed };
  }

  async #longCell(bytes: number, maxChars: number): Promise<ResultCell> {
    if (!this.#has(4)) await this.#fill(4);
    const chars = this.#buffer.readInt32BE(this.#at);
    this.#at += 4;
    // Enough for as many characters; one that is cut in half at the end falls away with the rest.
    const wanted = chars <= maxChars ? bytes : Math.min(bytes, maxChars * 3 + 3);
    if (!this.#has(wanted)) await this.#fill(wanted);
    const text = this.#buffer.toString('utf8', this.#at, this.#at + wanted);
    this.#skip(bytes);
    return chars <= maxChars ? text : { cut: headOf(text, maxChars), chars };
  }

  async #header(): Promise<Header> {
    if (!this.#has(4)) await this.#fill(4);
    const bytes = this.#buffer.readInt32BE(this.#at);
    this.#at += 4;
    if (bytes < longBytes) return { bytes, chars: null };
    if (!this.#has(4)) await this.#fill(4);
    const chars = this.#buffer.readInt32BE(this.#at);
    this.#at += 4;
    return { bytes, chars };
  }

  #has(bytes: number): boolean {
    return this.#at + bytes <= this.#buffer.length;
  }

  /** May leave the buffer; `fill` finds the place again. */
  #skip(bytes: number): void {
    this.#at += bytes;
  }

  async #fill(bytes: number): Promise<void> {
    const from = this.#offset + this.#at;
    this.#buffer = await this.#store.read(from, Math.max(bytes, readAheadBytes));
    if (this.#buffer.length < bytes) throw new Error('The rows of this result end too early.');
    this.#offset = from;
    this.#at = 0;
  }
}

/** Never half of a surrogate pair. */
function headOf(text: string, maxChars: number): string {
  const last = text.charCodeAt(maxChars - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars);
}
