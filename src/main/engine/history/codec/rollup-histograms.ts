import { emptyHistogram, type Histogram } from '#shared/model/histogram.ts';
import { binMiddleUs } from './bin-middles.ts';
import { type ByteReader, type ByteWriter, DamagedDataError } from './bytes.ts';
import { microseconds, milliseconds } from './split-values.ts';

/**
 * The histograms of rollups hold many durations each, so every bin from the first to the last is
 * kept, empty ones included, as its difference from a guess.
 */
const lowestBin = -2048;
const bins = 4096;
/** Counts beyond this are guessed no higher; thirty-two bits hold sixteen times as much. */
const mostGuessed = 2 ** 26;

/** Where the parts of histograms are written to or read from. */
export interface HistogramColumns<Stream> {
  /** How wide each is, and its first bin. */
  numbers: Stream;
  /** Minimum, maximum and sum. */
  values: Stream;
  /** What is in each bin. */
  counts: Stream;
}

/**
 * What a bin will hold, told from what it held in the rollups before (in sixteenths, whole numbers
 * only), or in the first rollup from the bin before.
 */
class CountGuess {
  readonly #sixteenths = new Int32Array(bins).fill(-1);
  #isFirst = true;
  #from = bins;
  #end = 0;

  /** Forgets all it has learnt. */
  reset(): void {
    this.#sixteenths.fill(-1, this.#from, this.#end);
    [this.#from, this.#end] = [bins, 0];
    this.#isFirst = true;
  }

  expected(index: number, countBefore: number): number {
    const sixteenths = this.#sixteenths[index - lowestBin] as number;
    if (sixteenths >= 0) return (sixteenths + 8) >> 4;
    return this.#isFirst ? countBefore : 0;
  }

  learn(index: number, count: number): void {
    const bin = index - lowestBin;
    if (bin < this.#from) this.#from = bin;
    if (bin >= this.#end) this.#end = bin + 1;
    const before = this.#sixteenths[bin] as number;
    const now = Math.min(count, mostGuessed) * 16;
    this.#sixteenths[bin] = before < 0 ? now : before + ((now - before) >> 2);
  }

  endRollup(): void {
    this.#isFirst = false;
  }
}

/** Packs histograms of one kind, one after another. */
export class RollupHistogramPacker {
  readonly #columns: HistogramColumns<ByteWriter>;
  readonly #guess = new CountGuess();

  constructor(columns: HistogramColumns<ByteWriter>) {
    this.#columns = columns;
  }

  pack({ bins: pairs, minMs, maxMs, sumMs }: Histogram): void {
    const { numbers, values, counts } = this.#columns;
    const first = pairs[0];
    const last = pairs[pairs.length - 2];
    numbers.whole(first === undefined || last === undefined ? 0 : last - first + 1);
    if (first === undefined || last === undefined) return;
    numbers.signed(first);
    let [at, before, guessUs] = [0, 0, 0];
    for (let index = first; index <= last; index += 1) {
      const count = pairs[at] === index ? (pairs[at + 1] as number) : 0;
      if (pairs[at] === index) at += 2;
      counts.signed(count - this.#guess.expected(index, before));
      this.#guess.learn(index, count);
      guessUs += binMiddleUs(index) * count;
      before = count;
    }
    this.#guess.endRollup();
    values.signed(microseconds(minMs) - binMiddleUs(first));
    values.signed(microseconds(maxMs) - binMiddleUs(last));
    values.signed(microseconds(sumMs) - guessUs);
  }
}

/**
 * Large, and needed for every block anew, so it is kept and used again. No two blocks of a thread are
 * unpacked at the same time.
 */
const scratch = {
  guess: new CountGuess(),
  differences: new Float64Array(bins),
  sums: new Float64Array(bins),
};

/**
 * Unpacks histograms of one kind and adds them up, until what they came to is taken: a range folds
 * thousands of rollups, and most would be thrown away at once.
 */
export class RollupHistogramReader {
  readonly #columns: HistogramColumns<ByteReader>;
  readonly #guess = scratch.guess;
  readonly #differences = scratch.differences;
  readonly #sums = scratch.sums;
  #from = bins;
  #end = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #sumUs = 0;

  constructor(columns: HistogramColumns<ByteReader>) {
    this.#columns = columns;
    this.#guess.reset();
  }

  /** @throws DamagedDataError, and what was added since the last `take` is dropped */
  add(): void {
    try {
      this.#add();
    } catch (error) {
      this.#sums.fill(0);
      throw error;
    }
  }

  #add(): void {
    const { numbers, values, counts } = this.#columns;
    const span = numbers.whole();
    if (span === 0) return;
    const first = numbers.signed();
    const last = first + span - 1;
    const start = first - lowestBin;
    if (!(start >= 0 && start + span <= bins)) throw new DamagedDataError('a histogram is too wide');
    counts.signedInto(this.#differences, span);
    let [before, guessUs] = [0, 0];
    for (let i = 0; i < span; i += 1) {
      const count = (this.#differences[i] as number) + this.#guess.expected(first + i, before);
      this.#guess.learn(first + i, count);
      before = count;
      if (count === 0) continue;
      this.#sums[start + i] = (this.#sums[start + i] as number) + count;
      guessUs += binMiddleUs(first + i) * count;
    }
    this.#guess.endRollup();
    this.#from = Math.min(this.#from, start);
    this.#end = Math.max(this.#end, start + span);
    this.#minUs = Math.min(this.#minUs, values.signed() + binMiddleUs(first));
    this.#maxUs = Math.max(this.#maxUs, values.signed() + binMiddleUs(last));
    this.#sumUs += values.signed() + guessUs;
  }

  /** All added since the last call, as one. */
  take(): Histogram {
    if (this.#end === 0) return emptyHistogram();
    let filled = 0;
    for (let bin = this.#from; bin < this.#end; bin += 1) if (this.#sums[bin] !== 0) filled += 1;
    const pairs = new Array<number>(filled * 2);
    let [at, total] = [0, 0];
    for (let bin = this.#from; bin < this.#end; bin += 1) {
      const count = this.#sums[bin] as number;
      if (count === 0) continue;
      pairs[at] = bin + lowestBin;
      pairs[at + 1] = count;
      at += 2;
      total += count;
    }
    const [sumMs, minMs, maxMs] = [this.#sumUs, this.#minUs, this.#maxUs].map(milliseconds);
    this.#sums.fill(0, this.#from, this.#end);
    [this.#from, this.#end] = [bins, 0];
    [this.#minUs, this.#maxUs, this.#sumUs] = [Number.POSITIVE_INFINITY, 0, 0];
    return {
      count: total,
      sumMs: sumMs as number,
      minMs: minMs as number,
      maxMs: maxMs as number,
      bins: pairs,
    };
  }
}
