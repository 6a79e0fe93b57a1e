/**
 * A mergeable histogram of durations in milliseconds. Buckets grow by `growth`, so a percentile
 * read from it is off by at most `growth ** 0.5 - 1` (2.5 %) of its value, at any zoom, because
 * merging is adding counts (the DDSketch layout: bucket i covers (growth^(i-1), growth^i]).
 */
export interface Histogram {
  count: number;
  sumMs: number;
  minMs: number;
  maxMs: number;
  /** Pairs, flattened: bucket index, count, bucket index, count… ascending by index. */
  bins: number[];
}

const growth = 1.05;
const logGrowth = Math.log(growth);
/** Durations at or below this share the lowest bucket; no clock here is finer. */
const floorMs = 0.001;

/** The bucket a duration falls in. */
export function binIndex(ms: number): number {
  return Math.ceil(Math.log(Math.max(ms, floorMs)) / logGrowth - 1e-9);
}

/** From a microsecond to a year: those that durations have. */
const [lowestBin, highestBin] = [-160, 600];
/** Kept, because an export asks for millions and `**` is slow. */
const middlesMs = Float64Array.from(
  { length: highestBin - lowestBin + 1 },
  (_, place) => growth ** (place + lowestBin - 0.5),
);

/** The value that stands for a bucket: its geometric middle, which bounds the relative error. */
export function binMiddleMs(index: number): number {
  return middlesMs[index - lowestBin] ?? growth ** (index - 0.5);
}

export function emptyHistogram(): Histogram {
  return { count: 0, sumMs: 0, minMs: 0, maxMs: 0, bins: [] };
}

/** Collects durations between two samples. Recording is O(1) and allocates nothing in the steady state. */
export class HistogramRecorder {
  #bins = new Map<number, number>();
  #count = 0;
  #sumMs = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = 0;

  record(ms: number): void {
    // biome-ignore lint/complexity/useMathMinMax: NaN becomes 0 here; Math.max would keep it.
    const value = ms > 0 ? ms : 0;
    const index = binIndex(value);
    this.#bins.set(index, (this.#bins.get(index) ?? 0) + 1);
    this.#count += 1;
    this.#sumMs += value;
    if (value < this.#minMs) this.#minMs = value;
    if (value > this.#maxMs) this.#maxMs = value;
  }

  /** Everything recorded since the last call; starts anew. */
  take(): Histogram {
    if (this.#count === 0) return emptyHistogram();
    const histogram: Histogram = {
      count: this.#count,
      sumMs: this.#sumMs,
      minMs: this.#minMs,
      maxMs: this.#maxMs,
      bins: [...this.#bins].sort((a, b) => a[0] - b[0]).flat(),
    };
    this.#bins.clear();
    this.#count = 0;
    this.#sumMs = 0;
    this.#minMs = Number.POSITIVE_INFINITY;
    this.#maxMs = 0;
    return histogram;
  }
}

/** The histogram of both sets of durations together. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const bins: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.bins.length || j < b.bins.length) {
    const indexA = a.bins[i] ?? Number.POSITIVE_INFINITY;
    const indexB = b.bins[j] ?? Number.POSITIVE_INFINITY;
    if (indexA < indexB) {
      bins.push(indexA, a.bins[i + 1] ?? 0);
      i += 2;
    } else if (indexB < indexA) {
      bins.push(indexB, b.bins[j + 1] ?? 0);
      j += 2;
    } else {
      bins.push(indexA, (a.bins[i + 1] ?? 0) + (b.bins[j + 1] ?? 0));
      i += 2;
      j += 2;
    }
  }
  return {
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    minMs: Math.min(a.minMs, b.minMs),
    maxMs: Math.max(a.maxMs, b.maxMs),
    bins,
  };
}

/**
 * The value below which a fraction `p` (0 to 1) of the durations lie, by nearest rank, held
 * within the true minimum and maximum. Null when the histogram is empty.
 */
export function percentileMs(histogram: Histogram, p: number): number | null {
  if (histogram.count === 0) return null;
  const rank = Math.max(1, Math.ceil(p * histogram.count));
  if (rank >= histogram.count) return histogram.maxMs;
  let seen = 0;
  for (let i = 0; i < histogram.bins.length; i += 2) {
    seen += histogram.bins[i + 1] ?? 0;
    if (seen >= rank) {
      const middle = binMiddleMs(histogram.bins[i] ?? 0);
      return Math.min(histogram.maxMs, Math.max(histogram.minMs, middle));
    }
  }
  return histogram.maxMs;
}

/** Arithmetic mean; null when empty. */
export function meanMs(histogram: Histogram): number | null {
  return histogram.count === 0 ? null : histogram.sumMs / histogram.count;
}

/**
 * Squared coefficient of variation, variance over squared mean, from the bins (whose middles are off
 * by at most 2.5 %). Null when empty, or when nothing took any time.
 */
export function squaredVariation({ count, bins }: Histogram): number | null {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < bins.length; i += 2) {
    const [middle, times] = [binMiddleMs(bins[i] ?? 0), bins[i + 1] ?? 0];
    sum += middle * times;
    squares += middle * middle * times;
  }
  if (sum === 0) return null;
  return Math.max(0, (squares * count) / (sum * sum) - 1);
}
