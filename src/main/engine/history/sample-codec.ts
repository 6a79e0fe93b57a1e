import { counterNames, histogramNames } from '#shared/model/bucket.ts';
import { emptyHistogram, type Histogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { DamagedDataError } from './codec/bytes.ts';

/**
 * Samples as bytes, without loss. As JavaScript objects, an hour of fifty pools would take about
 * ten times the memory: most of a sample is small whole numbers, and most histograms are empty.
 *
 * A row: the times as 64-bit floats, then every whole number as a varint (7 bits a byte, lowest
 * first), then the histograms (count, and unless 0: sum, min, max, number of bins, and each bin as
 * its distance from the one before and its count), then the health check.
 */
const wholeNames = [
  'idle',
  'used',
  'connecting',
  'pending',
  'usedPeak',
  'pendingPeak',
  'min',
  'max',
] as const;
const timeNames = ['atMs', 'intervalMs', 'longestPendingMs'] as const;
const check = { none: 0, failed: 1, passed: 2 } as const;

/** Writes rows one after another; grows as needed. */
export class SampleWriter {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #end = 0;

  /** What was written so far; stays as it is when more is written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  write(sample: PoolSample): void {
    for (const name of timeNames) this.#float(sample[name]);
    for (const name of wholeNames) this.#whole(sample[name]);
    for (const name of counterNames) this.#whole(sample[name]);
    for (const name of histogramNames) this.#histogram(sample[name]);
    if (sample.healthCheck === null) this.#whole(check.none);
    else if (sample.healthCheck.roundTripMs === null) this.#whole(check.failed);
    else {
      this.#whole(check.passed);
      this.#float(sample.healthCheck.roundTripMs);
    }
  }

  #histogram({ count, sumMs, minMs, maxMs, bins }: Histogram): void {
    this.#whole(count);
    if (count === 0) return;
    this.#float(sumMs);
    this.#float(minMs);
    this.#float(maxMs);
    this.#whole(bins.length / 2);
    let before = 0;
    for (let i = 0; i < bins.length; i += 2) {
      const index = bins[i] ?? 0;
      // The first index may be negative (below 1 ms): zigzag, which puts the sign in the lowest bit.
      const step = index - before;
      this.#whole(step < 0 ? -2 * step - 1 : 2 * step);
      this.#whole(bins[i + 1] ?? 0);
      before = index;
    }
  }

  #float(value: number): void {
    this.#reserve(8);
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  /** Up to 2^53: shifts would stop at 2^31. */
  #whole(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#end++] = rest;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** Reads back rows in the order they were written. @throws DamagedDataError where a row ends early */
export class SampleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  read(profileId: string): PoolSample {
    const row: Record<string, unknown> = { profileId };
    for (const name of timeNames) row[name] = this.#float();
    for (const name of wholeNames) row[name] = this.#whole();
    for (const name of counterNames) row[name] = this.#whole();
    for (const name of histogramNames) row[name] = this.#histogram();
    row.healthCheck = this.#healthCheck();
    return row as unknown as PoolSample;
  }

  #healthCheck(): PoolSample['healthCheck'] {
    const kind = this.#whole();
    if (kind === check.none) return null;
    return { roundTripMs: kind === check.passed ? this.#float() : null };
  }

  #histogram(): Histogram {
    const count = this.#whole();
    if (count === 0) return emptyHistogram();
    const [sumMs, minMs, maxMs] = [this.#float(), this.#float(), this.#float()];
    const bins: number[] = [];
    let index = 0;
    for (let left = this.#whole(); left > 0; left -= 1) {
      const step = this.#whole();
      index += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
      bins.push(index, this.#whole());
    }
    return { count, sumMs, minMs, maxMs, bins };
  }

  #float(): number {
    this.#at += 8;
    if (this.#at > this.#bytes.length) throw new DamagedDataError('it ends early');
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  #whole(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new DamagedDataError('it ends early');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }
}
