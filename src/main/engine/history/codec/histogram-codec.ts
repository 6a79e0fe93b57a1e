import { emptyHistogram, type Histogram } from '#shared/model/histogram.ts';
import { binMiddleUs } from './bin-middles.ts';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';
import { microseconds, milliseconds, readSplit, writeSplit } from './split-values.ts';

/**
 * Histograms of one kind, one after another, in sections of their own. How many durations each
 * holds is known from elsewhere (a count column), so the bins need no end mark: they end when they
 * add up.
 *
 * A bin is one byte, the distance from the bin before and its count, as far as both are small:
 * distance - 1 in the upper five bits, count - 1 in the lower three, with the highest value of each
 * meaning that the rest follows. Bins stand close in the middle of a distribution and apart at its
 * ends, so the two have a section each, and with it a code each. Minimum, maximum and sum are kept
 * as their difference, in microseconds, from what the bins alone would suggest.
 */
const mostDistance = 31;
const mostCount = 7;
/** The share of durations at either end whose bins count as the end of the distribution. */
const endShare = 0.12;

const isAtEnd = (before: number, left: number, count: number) => Math.min(before, left) < endShare * count;

/** The first bin is told from where the first bins lay of late; in sixteenths, whole numbers only. */
class FirstBin {
  #sixteenths = 0;

  get expected(): number {
    return Math.round(this.#sixteenths / 16);
  }

  learn(index: number): void {
    this.#sixteenths += Math.round((index * 16 - this.#sixteenths) / 6);
  }
}

/** How many durations the bins hold; this, not `count`, is what is kept. */
export function binnedCount({ bins }: Histogram): number {
  let count = 0;
  for (let i = 1; i < bins.length; i += 2) count += bins[i] as number;
  return count;
}

export const histogramSections = 8;

export class HistogramPacker {
  readonly #firsts = new ByteWriter();
  readonly #middles = new ByteWriter();
  readonly #ends = new ByteWriter();
  readonly #minLow = new ByteWriter();
  readonly #maxLow = new ByteWriter();
  readonly #sumLow = new ByteWriter();
  readonly #edgeHigh = new ByteWriter();
  readonly #sumHigh = new ByteWriter();
  readonly #firstBin = new FirstBin();

  get sections(): Uint8Array[] {
    return [
      this.#firsts.written,
      this.#middles.written,
      this.#ends.written,
      this.#minLow.written,
      this.#maxLow.written,
      this.#sumLow.written,
      this.#edgeHigh.written,
      this.#sumHigh.written,
    ];
  }

  /** @param count as `binnedCount` says; nothing is written when it is 0 */
  pack(histogram: Histogram, count: number): void {
    if (count === 0) return;
    const { bins } = histogram;
    const first = bins[0] as number;
    this.#firsts.signed(first - this.#firstBin.expected);
    this.#firstBin.learn(first);
    let last = first - 1;
    let guessUs = 0;
    let seen = 0;
    for (let i = 0; i < bins.length; i += 2) {
      const index = bins[i] as number;
      const inBin = bins[i + 1] as number;
      if (inBin === 0) continue;
      const symbols = isAtEnd(seen, count - seen, count) ? this.#ends : this.#middles;
      packBin(symbols, index - last - 1, inBin - 1);
      last = index;
      seen += inBin;
      guessUs += binMiddleUs(index) * inBin;
    }
    const minUs = microseconds(histogram.minMs);
    writeSplit(this.#minLow, this.#edgeHigh, minUs - binMiddleUs(first));
    if (count === 1) return;
    const maxUs = microseconds(histogram.maxMs);
    writeSplit(this.#maxLow, this.#edgeHigh, maxUs - binMiddleUs(last));
    guessUs += minUs - binMiddleUs(first) + maxUs - binMiddleUs(last);
    writeSplit(this.#sumLow, this.#sumHigh, microseconds(histogram.sumMs) - guessUs);
  }
}

function packBin(symbols: ByteWriter, distance: number, count: number): void {
  symbols.byte((Math.min(distance, mostDistance) << 3) | Math.min(count, mostCount));
  if (distance >= mostDistance) symbols.whole(distance - mostDistance);
  if (count >= mostCount) symbols.whole(count - mostCount);
}

export class HistogramUnpacker {
  readonly #readers: ByteReader[];
  readonly #firstBin = new FirstBin();

  /** @param sections as the packer's */
  constructor(sections: readonly Uint8Array[]) {
    if (sections.length !== histogramSections) throw new DamagedDataError('a part is missing');
    this.#readers = sections.map((section) => new ByteReader(section));
  }

  unpack(count: number): Histogram {
    if (count === 0) return emptyHistogram();
    const [firsts, middles, ends, minLow, maxLow, sumLow, edgeHigh, sumHigh] = this.#readers as [
      ...Tuple8<ByteReader>,
    ];
    const first = this.#firstBin.expected + firsts.signed();
    this.#firstBin.learn(first);
    const bins: number[] = [];
    let guessUs = 0;
    let index = first - 1;
    for (let left = count; left > 0; ) {
      const symbols = isAtEnd(count - left, left, count) ? ends : middles;
      const symbol = symbols.byte();
      const distance = symbol >> 3;
      index += distance + 1 + (distance === mostDistance ? symbols.whole() : 0);
      const short = symbol & mostCount;
      const inBin = short + 1 + (short === mostCount ? symbols.whole() : 0);
      bins.push(index, inBin);
      guessUs += binMiddleUs(index) * inBin;
      left -= inBin;
      if (left < 0) throw new DamagedDataError('a histogram does not add up');
    }
    const minUs = readSplit(minLow, edgeHigh) + binMiddleUs(first);
    const minMs = milliseconds(minUs);
    if (count === 1) return { count, sumMs: minMs, minMs, maxMs: minMs, bins };
    const maxUs = readSplit(maxLow, edgeHigh) + binMiddleUs(index);
    guessUs += minUs - binMiddleUs(first) + maxUs - binMiddleUs(index);
    return {
      count,
      sumMs: milliseconds(readSplit(sumLow, sumHigh) + guessUs),
      minMs,
      maxMs: milliseconds(maxUs),
      bins,
    };
  }
}

type Tuple8<T> = [T, T, T, T, T, T, T, T];
