/** Packed data that cannot be what was written: cut short, flipped bits, or another format. */
export class DamagedDataError extends Error {
  constructor(what: string) {
    super(`Packed history is damaged: ${what}.`);
    this.name = 'DamagedDataError';
  }
}

/** Puts the sign of a whole number in the lowest bit, so that small ones stay short. */
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Bytes one after another; grows as needed. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** What was written so far, not copied. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  /** 0 to 2^53 in groups of seven bits, lowest first; shifts would stop at 2^31. */
  whole(value: number): void {
    this.#reserve(16);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#end++] = rest;
  }

  signed(value: number): void {
    this.whole(zigzag(value));
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

/** Reads back what a ByteWriter wrote. Reading past the end throws; nothing is trusted. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new DamagedDataError('it ends early');
    return value;
  }

  whole(): number {
    // Nearly all are below 128.
    const first = this.#bytes[this.#at++];
    if (first === undefined) throw new DamagedDataError('it ends early');
    return first < 128 ? first : this.#longWhole(first);
  }

  signed(): number {
    const first = this.#bytes[this.#at++];
    if (first === undefined) throw new DamagedDataError('it ends early');
    if (first < 128) return (first & 1) === 0 ? first >> 1 : -((first + 1) >> 1);
    return unzigzag(this.#longWhole(first));
  }

  /** Fills a part of an array, several times as fast as number by number. */
  signedInto(values: Float64Array, length: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < length; i += 1) {
      const first = bytes[at++];
      if (first === undefined) throw new DamagedDataError('it ends early');
      if (first < 128) {
        values[i] = (first & 1) === 0 ? first >> 1 : -((first + 1) >> 1);
      } else {
        this.#at = at;
        values[i] = unzigzag(this.#longWhole(first));
        at = this.#at;
      }
    }
    this.#at = at;
  }

  #longWhole(first: number): number {
    let value = first - 128;
    for (let factor = 128; factor < 2 ** 56; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new DamagedDataError('a number is too long');
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) throw new DamagedDataError('it ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
