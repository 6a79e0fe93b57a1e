import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bucket, bucketOfSample, foldBucket, histogramNames } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { openStore, type StoreUnderTest } from '../../../../../tests/support/history-store.ts';
import { anySample, histogramOf, sampleAt } from '../../../../../tests/support/samples.ts';

const hourMs = 3_600_000;
/** A day's start, so that windows and rollups begin here. */
const startMs = Math.floor(1_790_000_000_000 / (24 * hourMs)) * 24 * hourMs;
const second = (index: number, overrides: Partial<PoolSample> = {}) =>
  sampleAt(startMs + index * 1000 + 500, overrides);

let folder: string;
let file: string;
let open: StoreUnderTest[];
const start = (options = {}) => {
  const opened = openStore(file, options);
  open.push(opened);
  return opened;
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-store-'));
  file = path.join(folder, 'history.db');
  open = [];
});
afterEach(async () => {
  for (const { store } of open) await store.close();
  await rm(folder, { recursive: true, force: true });
});

const fold = (samples: readonly PoolSample[], bucketMs: number): Bucket[] => {
  const buckets: Bucket[] = [];
  for (const sample of samples) foldBucket(buckets, bucketOfSample(sample, bucketMs), bucketMs);
  return buckets;
};
/** Sums of fractions differ in the last digit with the order they are added in. */
const exact = (buckets: readonly Bucket[]): Bucket[] =>
  buckets.map((bucket) => {
    const round = (ms: number) => Math.round(ms * 1000) / 1000;
    const copy = { ...bucket, coveredMs: round(bucket.coveredMs) };
    for (const name of histogramNames) copy[name] = { ...bucket[name], sumMs: round(bucket[name].sumMs) };
    return copy;
  });

describe('history on disk', () => {
  it('starts no thread again once it is closed', async () => {
    const { store, tick } = start();
    tick(second(0));
    await store.close();
    const query = { profileId: 'a', fromMs: startMs, toMs: startMs + hourMs, bucketMs: 1000 };
    await expect(store.range(query)).rejects.toMatchObject({ code: 'storage_failed' });
    await expect(store.storage()).rejects.toMatchObject({ code: 'storage_failed' });
    tick(second(1));
    await store.flushed();
    expect((await start().store.range(query)).buckets).toHaveLength(1);
  });

  it('is there after a restart, every second of it', async () => {
    const first = start();
    for (let i = 0; i < 1500; i += 1)
      first.tick(second(i, { acquired: i }), { ...second(i), profileId: 'b' });
    await first.store.close();

    const { store } = start();
    await store.opened();
    expect(store.lastAtMs('a')).toBe(second(1499).atMs);
    const { bucketMs, buckets } = await store.range({
      profileId: 'a',
      fromMs: startMs,
      toMs: startMs + hourMs,
      bucketMs: 1000,
    });
    expect(bucketMs).toBe(1000);
    expect(buckets).toHaveLength(1500);
    expect(buckets.map(({ acquired }) => acquired)).toEqual(buckets.map((_, index) => index));
    expect(store.recording).toEqual({ state: 'recording', reason: '' });
  });

  it('gives the same figures as memory, at every zoom, sealed or not, from rollups or not', async () => {
    const list = fc
      .array(anySample(fc.integer({ min: startMs, max: startMs + 3 * hourMs })), {
        minLength: 1,
        maxLength: 40,
      })
      .map((samples) =>
        samples
          .sort((a, b) => a.atMs - b.atMs)
          .map((sample) => ({ ...sample, intervalMs: Math.round(sample.intervalMs * 1000) / 1000 })),
      );
    const moment = fc.integer({ min: startMs - hourMs, max: startMs + 4 * hourMs });
    await fc.assert(
      fc.asyncProperty(
        list,
        moment,
        moment,
        fc.constantFrom(1000, 7000, 60_000, 300_000, hourMs, 2 * hourMs),
        async (samples, a, b, bucketMs) => {
          const profileId = crypto.randomUUID();
          const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b) + 1];
          // A tick a millisecond apart seals what is due; the pause lets it.
          const own = samples.map((sample) => roundedSample({ ...sample, profileId }));
          for (const sample of own) shared.tick(sample);
          await shared.store.flushed();
          const disk = await shared.store.range({ profileId, fromMs, toMs, bucketMs });
          const inRange = own.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
          expect(disk.bucketMs).toBe(bucketMs);
          expect(exact(disk.buckets)).toEqual(exact(fold(inRange, bucketMs)));
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  }, 60_000);
  const shared = { tick: (_: PoolSample) => {}, store: null as unknown as StoreUnderTest['store'] };
  beforeEach(() =>
    Object.assign(shared, start({ clock: { nowMs: () => startMs + 9 * 24 * hourMs, monotonicMs: () => 0 } })),
  );

  it('loses neither a spike nor an event in a range of weeks', async () => {
    const { store, tick } = shared;
    for (let minute = 0; minute < 14 * 1440; minute += 30) {
      const spike = minute === 9000;
      tick(
        second(minute * 60, { acquired: 1, usedPeak: spike ? 9 : 1, waitMs: histogramOf([spike ? 500 : 1]) }),
      );
    }
    await store.flushed();
    const span = { fromMs: startMs, toMs: startMs + 14 * 24 * hourMs };
    const { bucketMs, buckets } = await store.range({ profileId: 'a', ...span, bucketMs: 6 * hourMs });
    expect(bucketMs).toBe(6 * hourMs);
    expect(buckets).toHaveLength(56);
    expect(Math.max(...buckets.map((bucket) => bucket.used.max))).toBe(9);
    expect(Math.max(...buckets.map((bucket) => bucket.waitMs.maxMs))).toBe(500);
    expect(buckets.reduce((sum, bucket) => sum + bucket.acquired, 0)).toBe(14 * 48);
  });

  it('answers in whole minutes where the seconds are too old to be kept', async () => {
    const { store, tick } = shared;
    for (let i = 0; i < 1300; i += 1) tick(second(i));
    await sealed(store, tick, 3 * hourMs);
    await store.setRetention({ rawDays: 1, rollupDays: 3660 });
    const range = await store.range({
      profileId: 'a',
      fromMs: startMs + 30_000,
      toMs: startMs + 620_000,
      bucketMs: 10_000,
    });
    expect(range.bucketMs).toBe(60_000);
    expect(range.buckets).toHaveLength(11);
    expect(range.buckets[0]).toMatchObject({ startMs, coveredMs: 60_000 });
  });

  it('shows a gap as a gap, and a pool never seen as nothing', async () => {
    const { store, tick } = shared;
    for (const i of [0, 1, 900, 901]) tick(second(i));
    await store.flushed();
    const span = { fromMs: startMs, toMs: startMs + hourMs, bucketMs: 1000 };
    const { buckets } = await store.range({ profileId: 'a', ...span });
    expect(buckets.map((bucket) => (bucket.startMs - startMs) / 1000)).toEqual([0, 1, 900, 901]);
    expect((await store.range({ profileId: 'never', ...span })).buckets).toEqual([]);
  });

  it('keeps both passes of an hour that the clock went through twice', async () => {
    const { store, tick } = shared;
    for (let i = 0; i < 1200; i += 10) tick(second(i, { acquired: 1 }));
    for (let i = 300; i < 1500; i += 10) tick(second(i + 1, { acquired: 1 }));
    await store.flushed();
    for (const bucketMs of [10_000, 60_000, hourMs]) {
      const { buckets } = await store.range({
        profileId: 'a',
        fromMs: startMs,
        toMs: startMs + hourMs,
        bucketMs,
      });
      expect(buckets.reduce((sum, bucket) => sum + bucket.acquired, 0)).toBe(240);
      const starts = buckets.map(({ startMs: bucketStart }) => bucketStart);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    }
  });
});

const us = (ms: number) => Math.round(ms * 1000) / 1000;

/** As the disk keeps it, so that both folds are of the very same figures. */
function roundedSample(sample: PoolSample): PoolSample {
  const copy = { ...sample, longestPendingMs: us(sample.longestPendingMs) };
  for (const name of histogramNames) {
    const { count, sumMs, minMs, maxMs, bins } = sample[name];
    copy[name] = { count, sumMs: us(count === 1 ? minMs : sumMs), minMs: us(minMs), maxMs: us(maxMs), bins };
  }
  const { healthCheck } = sample;
  if (typeof healthCheck?.roundTripMs === 'number')
    copy.healthCheck = { roundTripMs: us(healthCheck.roundTripMs) };
  return copy;
}

/** Ticks of another pool until everything older is in chunks. */
async function sealed(
  store: StoreUnderTest['store'],
  tick: StoreUnderTest['tick'],
  afterMs: number,
): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    tick(sampleAt(startMs + afterMs + i * 1000, { profileId: 'other' }));
    await store.flushed();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
