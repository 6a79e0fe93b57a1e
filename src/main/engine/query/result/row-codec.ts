/**
 * A row in a store: for each value its length in bytes (-1 for null) as four bytes, then, from
 * `longBytes` on, its length in UTF-16 units, then UTF-8. The second length tells of a long value how
 * long it is without reading it.
 */
export const longBytes = 1024;
const headerBytes = 8;
const chunkBytes = 256 * 1024;

/** Turns rows into bytes, a chunk at a time. */
export class RowEncoder {
  /** None at rest: there are hundreds of small results that nobody adds to any more. */
  #chunk = Buffer.alloc(0);
  #end = 0;
  readonly #emit: (bytes: Buffer) => void;

  /** @param emit takes a chunk over */
  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  /** Bytes encoded and not emitted yet. */
  get pending(): number {
    return this.#end;
  }

  row(values: readonly (string | null)[]): void {
    let most = 0;
    // UTF-8 takes three bytes for a UTF-16 unit at most.
    for (const value of values) most += headerBytes + (value === null ? 0 : value.length * 3);
    if (this.#end + most > this.#chunk.length) this.#makeRoom(most);
    for (const value of values) this.#value(value);
  }

  flush(): void {
    if (this.#end === 0) return;
    const bytes = this.#chunk.subarray(0, this.#end);
    // A copy of its own size where little of the chunk is used.
    this.#emit(bytes.length * 2 > this.#chunk.length ? bytes : Buffer.from(bytes));
    this.#chunk = Buffer.alloc(0);
    this.#end = 0;
  }

  #makeRoom(bytes: number): void {
    this.flush();
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes));
  }

  #value(value: string | null): void {
    const chunk = this.#chunk;
    if (value === null) {
      chunk.writeInt32BE(-1, this.#end);
      this.#end += 4;
      return;
    }
    // Whether it is long is known only once it is encoded, and the second length comes before it.
    const isShort = value.length * 3 < longBytes;
    if (isShort) {
      const bytes = chunk.write(value, this.#end + 4);
      chunk.writeInt32BE(bytes, this.#end);
      this.#end += 4 + bytes;
      return;
    }
    const bytes = Buffer.byteLength(value);
    chunk.writeInt32BE(bytes, this.#end);
    this.#end += 4;
    if (bytes >= longBytes) {
      chunk.writeInt32BE(value.length, this.#end);
      this.#end += 4;
    }
    chunk.write(value, this.#end);
    this.#end += bytes;
  }
}
