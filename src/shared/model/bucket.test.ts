import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySample, histogramOf, sampleAt } from '../../../tests/support/samples.ts';
import {
  type Bucket,
  bucketOfSample,
  bucketStartMs,
  counterNames,
  foldBucket,
  foldSample,
  gaugeNames,
  mergeBuckets,
  perSecond,
} from './bucket.ts';
import type { PoolSample } from './pool-sample.ts';

const bucketMs = 10_000;

const fold = (samples: PoolSample[], length = bucketMs) => {
  const buckets: Bucket[] = [];
  for (const sample of samples) foldSample(buckets, sample, length);
  return buckets;
};

/** Sums of floats depend on their order; everything else must be equal. */
const rounded = (bucket: Bucket): Bucket =>
  JSON.parse(
    JSON.stringify(bucket, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );

const inOrder = fc
  .array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 20 })
  .chain((times) => fc.tuple(...times.toSorted((a, b) => a - b).map((atMs) => anySample(fc.constant(atMs)))));

describe('a bucket of samples', () => {
  it('holds one sample exactly', () => {
    const bucket = bucketOfSample(
      sampleAt(12_345, { used: 2, usedPeak: 5, healthCheck: { roundTripMs: null } }),
      bucketMs,
    );
    expect(bucket).toMatchObject({
      startMs: 10_000,
      coveredMs: 1000,
      used: { min: 2, max: 5, last: 2 },
      health: { checks: 1, failures: 1, roundTripMs: null },
    });
  });

  it('is the same whether its samples were folded one by one or merged in any grouping', () => {
    fc.assert(
      fc.property(fc.tuple(anySample(), anySample(), anySample()), ([a, b, c]) => {
        const [x, y, z] = [a, b, c].map((sample) => bucketOfSample({ ...sample, atMs: 5 }, bucketMs));
        if (x === undefined || y === undefined || z === undefined)
          throw new Error('Three samples make three buckets.');
        const left = mergeBuckets(mergeBuckets(x, y), z);
        expect(rounded(left)).toEqual(rounded(mergeBuckets(x, mergeBuckets(y, z))));
        expect(fold([a, b, c].map((sample) => ({ ...sample, atMs: 5 }))).map(rounded)).toEqual([
          rounded(left),
        ]);
      }),
    );
  });

  it('gives the same coarse view from fine buckets as from samples', () => {
    fc.assert(
      fc.property(inOrder, (samples) => {
        const coarse: Bucket[] = [];
        for (const fine of fold(samples, 1000)) {
          const startMs = bucketStartMs(fine.startMs, bucketMs);
          const last = coarse.at(-1);
          if (last?.startMs === startMs) coarse[coarse.length - 1] = mergeBuckets(last, fine);
          else coarse.push({ ...fine, startMs });
        }
        expect(coarse.map(rounded)).toEqual(fold(samples).map(rounded));
      }),
    );
  });

  it('loses no event and no extreme', () => {
    fc.assert(
      fc.property(inOrder, (samples) => {
        const buckets = fold(samples);
        for (const name of counterNames) {
          const counted = buckets.reduce((sum, bucket) => sum + bucket[name], 0);
          expect(counted).toBe(samples.reduce((sum, sample) => sum + sample[name], 0));
        }
        for (const name of gaugeNames) {
          const lowest = Math.min(...buckets.map((bucket) => bucket[name].min));
          expect(lowest).toBeLessThanOrEqual(Math.min(...samples.map((sample) => sample[name])));
        }
        const peak = Math.max(...samples.map((sample) => Math.max(sample.used, sample.usedPeak)));
        expect(Math.max(...buckets.map((bucket) => bucket.used.max))).toBe(peak);
        const last = samples.at(-1);
        expect(buckets.at(-1)).toMatchObject({
          lastAtMs: last?.atMs,
          maxSetting: last?.max,
          idle: { last: last?.idle },
        });
      }),
    );
  });

  it('never runs backwards when the clock does', () => {
    const buckets = fold([sampleAt(25_000), sampleAt(5000), sampleAt(31_000)]);
    expect(buckets.map(({ startMs }) => startMs)).toEqual([20_000, 30_000]);
    expect(buckets[0]?.coveredMs).toBe(2000);
  });

  it('divides by the time covered, not by its length', () => {
    const [bucket] = fold([
      sampleAt(500, { acquired: 30, intervalMs: 1500 }),
      sampleAt(1500, { acquired: 10, intervalMs: 500 }),
    ]);
    expect(bucket && perSecond(bucket, 'acquired')).toBe(20);
    expect(bucket && perSecond({ ...bucket, coveredMs: 0 }, 'acquired')).toBeNull();
  });

  it('merges the percentiles of its samples', () => {
    const [bucket] = fold([
      sampleAt(1, { waitMs: histogramOf([1, 1]) }),
      sampleAt(2, { waitMs: histogramOf([100]) }),
    ]);
    expect(bucket?.waitMs).toMatchObject({ count: 3, minMs: 1, maxMs: 100 });
  });
});

function withoutLastRoundTrip(bucket: Bucket): Bucket {
  const copy = rounded(bucket);
  if (copy.health.roundTripMs !== null) copy.health.roundTripMs.last = 0;
  return copy;
}

describe('buckets folded into longer ones', () => {
  it('come to the same in any order, and from shorter buckets as from samples', () => {
    const distinct = fc
      .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 20 })
      .chain((times) => fc.tuple(...times.map((atMs) => anySample(fc.constant(atMs)))));
    fc.assert(
      fc.property(distinct, (samples) => {
        const inTime = samples.toSorted((a, b) => a.atMs - b.atMs);
        const shuffled: Bucket[] = [];
        for (const sample of samples) foldBucket(shuffled, bucketOfSample(sample, bucketMs), bucketMs);
        const twice: Bucket[] = [];
        for (const short of fold(inTime, 1000).toReversed()) foldBucket(twice, short, bucketMs);
        expect(twice.map(rounded)).toEqual(fold(inTime).map(rounded));
        expect(shuffled.map(withoutLastRoundTrip)).toEqual(fold(inTime).map(withoutLastRoundTrip));
      }),
    );
  });
});
