import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, bucketOfSample, foldBucket, histogramNames } from '#shared/model/bucket.ts';
import type { Histogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { anySample, sampleAt } from '../../../../../tests/support/samples.ts';
import { packBuckets, unpackBuckets } from './bucket-codec.ts';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';
import { packChunk, unpackChunk } from './chunk-codec.ts';

const windowMs = 1_790_000_400_000;
const us = (ms: number) => Math.round(ms * 1000) / 1000;
const rounded = ({ bins, count, ...values }: Histogram): Histogram => ({
  count,
  sumMs: us(count === 1 ? values.minMs : values.sumMs),
  minMs: us(values.minMs),
  maxMs: us(values.maxMs),
  bins,
});

/** What is kept of a sample: durations to the microsecond, moments to the millisecond. */
function kept(sample: PoolSample): PoolSample {
  const { healthCheck } = sample;
  const roundTripMs = healthCheck?.roundTripMs ?? null;
  return {
    ...sample,
    atMs: Math.round(sample.atMs),
    intervalMs: us(sample.intervalMs),
    longestPendingMs: us(sample.longestPendingMs),
    waitMs: rounded(sample.waitMs),
    holdMs: rounded(sample.holdMs),
    connectMs: rounded(sample.connectMs),
    healthCheck: healthCheck && { roundTripMs: roundTripMs === null ? null : us(roundTripMs) },
  };
}

const samples = (maxLength: number) =>
  fc
    .array(anySample(fc.integer({ min: windowMs, max: windowMs + 599_999 })), { maxLength })
    .map((list) => list.sort((a, b) => a.atMs - b.atMs));

describe('a chunk of samples', () => {
  it('comes back as it was, durations to the microsecond', () => {
    fc.assert(
      fc.property(samples(40), (list) => {
        expect(unpackChunk(packChunk(list, windowMs), 'a', windowMs)).toEqual(list.map(kept));
      }),
      { numRuns: 200 },
    );
  });

  it('takes a few bytes a sample for a pool at rest', () => {
    const list = Array.from({ length: 600 }, (_, second) => sampleAt(windowMs + second * 1000 + 500));
    expect(packChunk(list, windowMs).length).toBeLessThan(600);
  });

  it('that is damaged anywhere is refused, never misread', () => {
    const block = packChunk(fc.sample(samples(20), { numRuns: 1, seed: 7 })[0] ?? [], windowMs);
    fc.assert(
      fc.property(fc.nat(block.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(block);
        damaged[at] = (damaged[at] as number) ^ flip;
        expect(() => unpackChunk(damaged, 'a', windowMs)).toThrow(DamagedDataError);
        expect(() => unpackChunk(block.subarray(0, at), 'a', windowMs)).toThrow(DamagedDataError);
      }),
    );
  });
});

describe('packed rollups', () => {
  it('come back as they were, compressed or not', () => {
    fc.assert(
      fc.property(samples(60), fc.boolean(), (list, compress) => {
        const buckets = list.map(kept).reduce<ReturnType<typeof bucketOfSample>[]>((folded, sample) => {
          foldBucket(folded, bucketOfSample(sample, 60_000), 60_000);
          return folded;
        }, []);
        const packed = packBuckets(buckets, { windowMs, bucketMs: 60_000, compress });
        const expected = buckets.map((bucket) => {
          const exact = { ...bucket, coveredMs: us(bucket.coveredMs) };
          for (const name of histogramNames) exact[name] = { ...bucket[name], sumMs: us(bucket[name].sumMs) };
          return exact;
        });
        expect(unpackBuckets(packed, windowMs, 60_000)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rollups folded as they are unpacked', () => {
  const roundedBucket = (bucket: Bucket): Bucket => {
    const exact = { ...bucket, coveredMs: us(bucket.coveredMs) };
    for (const name of histogramNames) exact[name] = { ...bucket[name], sumMs: us(bucket[name].sumMs) };
    return exact;
  };

  it('are what merging them one by one gives', () => {
    fc.assert(
      fc.property(samples(60), fc.constantFrom(120_000, 300_000, 600_000), (list, foldMs) => {
        const minutes: Bucket[] = [];
        for (const sample of list.map(kept)) foldBucket(minutes, bucketOfSample(sample, 60_000), 60_000);
        const block = packBuckets(minutes, { windowMs, bucketMs: 60_000, compress: true });
        const merged: Bucket[] = [];
        for (const minute of unpackBuckets(block, windowMs, 60_000)) foldBucket(merged, minute, foldMs);
        expect(unpackBuckets(block, windowMs, 60_000, foldMs).map(roundedBucket)).toEqual(
          merged.map(roundedBucket),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('whole numbers', () => {
  it('come back, whatever their size and sign', () => {
    const number = fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 52), max: 2 ** 52 }));
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        const writer = new ByteWriter();
        for (const value of numbers) writer.signed(value);
        const reader = new ByteReader(writer.written);
        expect(numbers.map(() => reader.signed())).toEqual(numbers);
        expect(() => reader.byte()).toThrow(DamagedDataError);
      }),
    );
  });
});
