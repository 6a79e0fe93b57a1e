const [zero, point, minus] = [48, 46, 45];
const mostExact = 2 ** 50;

/**
 * Text as bytes, written number by number. Exports write tens of millions of numbers, and joining
 * as many little strings takes most of their time.
 */
export class TextBytes {
  #bytes = new Uint8Array(1 << 16);
  #end = 0;

  /** What was written since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    return taken;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    this.#reserve(length);
    // For a few bytes, a loop is faster than `set`.
    for (let i = 0; i < length; i += 1) this.#bytes[this.#end + i] = value[i] as number;
    this.#end += length;
  }

  whole(value: number): void {
    if (!(value >= -mostExact && value <= mostExact)) this.bytes(Buffer.from(String(value)));
    else if (value >= 0) this.#digits(value);
    else {
      this.byte(minus);
      this.#digits(-value);
    }
  }

  /** A duration to the microsecond, finer digits being noise: "12.345", "0.5", "7". */
  ms(value: number): void {
    const us = Math.round(value * 1000);
    if (!(us >= 0 && us <= mostExact)) {
      this.bytes(Buffer.from(String(us / 1000)));
      return;
    }
    const wholeMs = Math.floor(us / 1000);
    const fraction = us - wholeMs * 1000;
    this.#digits(wholeMs);
    if (fraction === 0) return;
    this.byte(point);
    this.byte(zero + Math.floor(fraction / 100));
    if (fraction % 100 === 0) return;
    this.byte(zero + (Math.floor(fraction / 10) % 10));
    if (fraction % 10 !== 0) this.byte(zero + (fraction % 10));
  }

  #digits(value: number): void {
    let length = 1;
    for (let limit = 10; value >= limit; limit *= 10) length += 1;
    this.#reserve(length);
    let rest = value;
    for (let at = this.#end + length - 1; at >= this.#end; at -= 1) {
      const next = Math.floor(rest / 10);
      this.#bytes[at] = zero + rest - next * 10;
      rest = next;
    }
    this.#end += length;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

/** `toISOString` as bytes, with everything but seconds kept from one row to the next. */
export class TimeText {
  #minute = Number.NaN;
  #bytes = new Uint8Array();

  of(atMs: number): Uint8Array {
    const at = Math.floor(atMs);
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#bytes = Buffer.from(new Date(minute * 60_000).toISOString());
    }
    const inMinute = at - minute * 60_000;
    const end = this.#bytes.length;
    // "…:SS.mmmZ"
    this.#bytes[end - 7] = zero + Math.floor(inMinute / 10_000);
    this.#bytes[end - 6] = zero + (Math.floor(inMinute / 1000) % 10);
    this.#bytes[end - 4] = zero + (Math.floor(inMinute / 100) % 10);
    this.#bytes[end - 3] = zero + (Math.floor(inMinute / 10) % 10);
    this.#bytes[end - 2] = zero + (inMinute % 10);
    return this.#bytes;
  }
}

/** One after another, in memory of their own, so that they can move to another thread. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
