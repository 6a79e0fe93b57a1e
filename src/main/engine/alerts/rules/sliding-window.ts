import { type Histogram, percentileMs } from '#shared/model/histogram.ts';

/** Bins from below a microsecond to weeks. */
const bins = 768;
const zeroBin = 256;

const slotOf = (index: number): number => Math.min(bins - 1, Math.max(0, index + zeroBin));

/** Percentiles over the last stretch of time; each histogram is added once and taken away once. */
export class SlidingHistogram {
  readonly #windowMs: number;
  readonly #counts = new Uint32Array(bins);
  #parts: { atMs: number; histogram: Histogram }[] = [];
  #count = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(atMs: number, histogram: Histogram): void {
    if (histogram.count > 0) {
      this.#parts.push({ atMs, histogram });
      this.#fold(histogram, 1);
    }
    while (this.#parts[0] !== undefined && this.#parts[0].atMs <= atMs - this.#windowMs) {
      this.#fold((this.#parts.shift() as { histogram: Histogram }).histogram, -1);
    }
  }

  /** As `percentileMs` reads it of all histograms together; null when nothing lasted any time. */
  percentileMs(p: number): number | null {
    if (this.#count === 0) return null;
    const merged: Histogram = {
      count: this.#count,
      sumMs: 0,
      minMs: Number.POSITIVE_INFINITY,
      maxMs: 0,
      bins: [],
    };
    for (const { histogram } of this.#parts) {
      merged.minMs = Math.min(merged.minMs, histogram.minMs);
      merged.maxMs = Math.max(merged.maxMs, histogram.maxMs);
    }
    for (let slot = 0; slot < bins; slot += 1) {
      const count = this.#counts[slot] as number;
      if (count > 0) merged.bins.push(slot - zeroBin, count);
    }
    return percentileMs(merged, p);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#parts = [];
    this.#count = 0;
  }

  #fold(histogram: Histogram, sign: 1 | -1): void {
    this.#count += sign * histogram.count;
    for (let at = 0; at < histogram.bins.length; at += 2) {
      const slot = slotOf(histogram.bins[at] as number);
      this.#counts[slot] = (this.#counts[slot] as number) + sign * (histogram.bins[at + 1] as number);
    }
  }
}

/** Sums of counters over the last stretch of time. */
export class SlidingSums {
  readonly #windowMs: number;
  readonly sums: number[];
  #parts: { atMs: number; values: readonly number[] }[] = [];

  constructor(windowMs: number, counters: number) {
    this.#windowMs = windowMs;
    this.sums = Array(counters).fill(0);
  }

  add(atMs: number, values: readonly number[]): void {
    this.#fold(values, 1);
    if (values.some((value) => value !== 0)) this.#parts.push({ atMs, values });
    while (this.#parts[0] !== undefined && this.#parts[0].atMs <= atMs - this.#windowMs) {
      this.#fold((this.#parts.shift() as { values: readonly number[] }).values, -1);
    }
  }

  clear(): void {
    this.sums.fill(0);
    this.#parts = [];
  }

  #fold(values: readonly number[], sign: 1 | -1): void {
    for (let at = 0; at < values.length; at += 1) {
      this.sums[at] = (this.sums[at] as number) + sign * (values[at] as number);
    }
  }
}
