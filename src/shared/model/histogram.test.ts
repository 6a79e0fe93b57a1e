import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHistogram, durationMs, histogramOf } from '../../../tests/support/samples.ts';
import {
  binIndex,
  emptyHistogram,
  HistogramRecorder,
  meanMs,
  mergeHistograms,
  percentileMs,
} from './histogram.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** Sums of floats depend on their order; everything else must be equal. */
const rounded = <T extends { sumMs: number }>(histogram: T) => ({
  ...histogram,
  sumMs: Number(histogram.sumMs.toPrecision(9)),
});

describe('a histogram of durations', () => {
  it('reads a percentile within 2.6 % of the true one, and never outside what was recorded', () => {
    const longEnough = fc.double({ min: 0.001, max: 3e8, noNaN: true });
    fc.assert(
      fc.property(fc.array(longEnough, { minLength: 1, maxLength: 200 }), fraction, (durations, p) => {
        const sorted = [...durations].sort((a, b) => a - b);
        const truth = sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? 0;
        const read = percentileMs(histogramOf(durations), p) ?? Number.NaN;
        expect(Math.abs(read - truth) / truth).toBeLessThanOrEqual(0.026);
        expect(read).toBeGreaterThanOrEqual(sorted[0] ?? 0);
        expect(read).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });

  it('rises from percentile to percentile', () => {
    fc.assert(
      fc.property(fc.array(durationMs, { minLength: 1 }), fraction, fraction, (durations, p, q) => {
        const histogram = histogramOf(durations);
        const low = percentileMs(histogram, Math.min(p, q)) ?? 0;
        expect(percentileMs(histogram, Math.max(p, q))).toBeGreaterThanOrEqual(low);
      }),
    );
  });

  it('is the same whether recorded at once or merged from parts', () => {
    fc.assert(
      fc.property(fc.array(durationMs), fc.array(durationMs), (a, b) => {
        const merged = mergeHistograms(histogramOf(a), histogramOf(b));
        expect(rounded(merged)).toEqual(rounded(histogramOf([...a, ...b])));
      }),
    );
  });

  it('merges in any grouping and order, and an empty one changes nothing', () => {
    fc.assert(
      fc.property(anyHistogram, anyHistogram, anyHistogram, (a, b, c) => {
        const left = mergeHistograms(mergeHistograms(a, b), c);
        expect(rounded(left)).toEqual(rounded(mergeHistograms(a, mergeHistograms(b, c))));
        expect(rounded(mergeHistograms(a, b))).toEqual(rounded(mergeHistograms(b, a)));
        expect(mergeHistograms(a, emptyHistogram())).toEqual(a);
        expect(mergeHistograms(emptyHistogram(), a)).toEqual(a);
      }),
    );
  });

  it('keeps its bins in ascending order and their counts in sum with its own', () => {
    fc.assert(
      fc.property(anyHistogram, ({ bins, count }) => {
        const indexes = bins.filter((_, i) => i % 2 === 0);
        const counts = bins.filter((_, i) => i % 2 === 1);
        expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
      }),
    );
  });

  it('starts anew after it was taken', () => {
    const recorder = new HistogramRecorder();
    recorder.record(5);
    expect(recorder.take()).toMatchObject({ count: 1, sumMs: 5, minMs: 5, maxMs: 5 });
    expect(recorder.take()).toEqual(emptyHistogram());
    recorder.record(7);
    expect(recorder.take()).toMatchObject({ count: 1, minMs: 7, maxMs: 7 });
  });

  it('has no percentile and no mean when empty', () => {
    expect(percentileMs(emptyHistogram(), 0.5)).toBeNull();
    expect(meanMs(emptyHistogram())).toBeNull();
    expect(meanMs(histogramOf([1, 2, 6]))).toBe(3);
  });

  it('puts durations that no clock can tell apart into the lowest bucket', () => {
    expect(new Set([-1, 0, 0.0005, 0.001].map(binIndex)).size).toBe(1);
    expect(histogramOf([-1])).toMatchObject({ count: 1, sumMs: 0, minMs: 0 });
  });
});
