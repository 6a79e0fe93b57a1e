import { describe, expect, it } from 'vitest';
import { perSecond } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createMemoryHistory } from './index.ts';

const startMs = 1_700_000_000_000;
const context = { callerId: 'test', signal: new AbortController().signal };

function setUp() {
  const events = createEventBus((error) => {
    throw error;
  });
  const history = createMemoryHistory({ events });
  const add = (...samples: PoolSample[]) => events.emit('samples.tick', { atMs: startMs, samples });
  const range = (fromMs: number, toMs: number, bucketMs: number, profileId = 'a') =>
    history.handlers['history.range']({ profileId, fromMs, toMs, bucketMs }, context);
  return { history, add, range };
}

const second = (index: number, overrides: Partial<PoolSample> = {}) =>
  sampleAt(startMs + index * 1000 + 500, overrides);

describe('the history of a pool', () => {
  it('keeps the last hour and not much more', () => {
    const { history, add } = setUp();
    for (let i = 0; i < 10_000; i += 1) add(second(i, { acquired: i }));
    const all = history.samplesOf('a', 0, Number.MAX_SAFE_INTEGER);
    expect(all.length).toBeGreaterThanOrEqual(3600);
    expect(all.length).toBeLessThanOrEqual(3900);
    expect(all.at(-1)).toEqual(second(9999, { acquired: 9999 }));
    expect(all.map(({ acquired }) => acquired)).toEqual(all.map((_, index) => 10_000 - all.length + index));
  });

  it('answers with buckets that lose neither a spike nor an event', async () => {
    const { add, range } = setUp();
    for (let i = 0; i < 600; i += 1) {
      add(
        second(i, { acquired: 2, usedPeak: i === 333 ? 9 : 1, waitMs: histogramOf([i === 333 ? 500 : 1]) }),
      );
    }
    const { buckets, lastAtMs } = await range(startMs, startMs + 600_000, 10_000);
    expect(buckets).toHaveLength(60);
    expect(lastAtMs).toBe(startMs + 599_500);
    expect(buckets[0]?.startMs).toBe(startMs);
    expect(buckets[33]).toMatchObject({
      acquired: 20,
      coveredMs: 10_000,
      used: { max: 9 },
      waitMs: { maxMs: 500, count: 10 },
    });
    expect(buckets[34]).toMatchObject({ used: { max: 1 } });
    expect(buckets.map((bucket) => perSecond(bucket, 'acquired'))).toEqual(buckets.map(() => 2));
  });

  it('takes the start of a range in and leaves its end out, and shows gaps as gaps', async () => {
    const { history, add, range } = setUp();
    for (const i of [0, 1, 2, 400, 401]) add(second(i));
    expect(history.samplesOf('a', second(1).atMs, second(401).atMs).map(({ atMs }) => atMs)).toEqual([
      second(1).atMs,
      second(2).atMs,
      second(400).atMs,
    ]);
    const { buckets } = await range(startMs, startMs + 600_000, 1000);
    expect(buckets.map((bucket) => (bucket.startMs - startMs) / 1000)).toEqual([0, 1, 2, 400, 401]);
  });

  it('keeps pools apart, and answers for an unknown one with nothing', async () => {
    const { history, add, range } = setUp();
    add(second(0), second(1), { ...second(0), profileId: 'b' });
    expect(history.samplesOf('a', 0, startMs * 2)).toHaveLength(2);
    expect(history.samplesOf('b', 0, startMs * 2)).toHaveLength(1);
    expect(await range(0, startMs * 2, startMs, 'c')).toEqual({
      profileId: 'c',
      bucketMs: startMs,
      buckets: [],
      lastAtMs: 0,
    });
  });

  it('survives a clock that is set back', async () => {
    const { history, add, range } = setUp();
    for (let i = 0; i < 400; i += 1) add(second(i));
    for (let i = 0; i < 400; i += 1) add(second(i - 200));
    expect(history.samplesOf('a', startMs - 200_000, startMs + 400_000)).toHaveLength(800);
    const { buckets } = await range(startMs, startMs + 400_000, 1000);
    const starts = buckets.map((bucket) => bucket.startMs);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  it('hears nothing after it was closed', () => {
    const { history, add } = setUp();
    history.close();
    add(second(0));
    expect(history.samplesOf('a', 0, startMs * 2)).toEqual([]);
  });
});
