import { describe, expect, it } from 'vitest';
import { percentileMs } from '#shared/model/histogram.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/sample.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createMemoryHistory } from './memory-history.ts';

const start = 1_800_000_000_500;
const caller = { callerId: 'test', signal: new AbortController().signal };

function historyWith(...samples: ReturnType<typeof sampleAt>[]) {
  const events = createEventBus(() => {});
  const history = createMemoryHistory({ events });
  for (const sample of samples) events.emit('samples.tick', { atMs: sample.atMs, samples: [sample] });
  const range = async (fromMs: number, toMs: number, bucketMs: number, profileId = 'pool-1') =>
    history.handlers['history.range']({ profileId, fromMs, toMs, bucketMs }, caller);
  return { events, history, range };
}

describe('the last hour in memory', () => {
  it('folds a range into buckets, keeping the peak that an average would hide', async () => {
    const { range } = historyWith(
      sampleAt(start, { used: 1, usedPeak: 9, acquired: 5 }),
      sampleAt(start + 1000, { used: 2, usedPeak: 2, acquired: 7 }),
    );
    const { buckets, lastAtMs } = await range(start - 2000, start + 2000, 3000);
    expect(buckets).toHaveLength(1);
    expect(buckets[0]).toMatchObject({ used: { min: 1, max: 9, last: 2 }, acquired: 12, coveredMs: 2000 });
    expect(lastAtMs).toBe(start + 1000);
  });

  it('reads percentiles from merged histograms, not from averaged percentiles', async () => {
    const { range } = historyWith(
      sampleAt(start, { waitMs: histogramOf(...Array<number>(99).fill(1)) }),
      sampleAt(start + 1000, { waitMs: histogramOf(1000) }),
    );
    const { buckets } = await range(start - 2000, start + 2000, 3000);
    const waitMs = buckets[0]?.waitMs;
    expect(waitMs && percentileMs(waitMs, 0.5)).toBeCloseTo(1, 1);
    expect(waitMs && percentileMs(waitMs, 1)).toBe(1000);
  });

  it('leaves a gap where nothing was sampled', async () => {
    const { range } = historyWith(sampleAt(start), sampleAt(start + 60_000));
    const { buckets } = await range(start, start + 60_000, 1000);
    expect(buckets.map((bucket) => bucket.startMs)).toEqual([start - 500, start + 59_500]);
  });

  it('keeps an hour and no more, however long it runs', async () => {
    const samples = Array.from({ length: 4000 }, (_, second) => sampleAt(start + second * 1000));
    const { history } = historyWith(...samples);
    const kept = history.samplesOf('pool-1', 0, Number.MAX_SAFE_INTEGER);
    expect(kept.at(-1)?.atMs).toBe(start + 3_999_000);
    expect(kept[0]?.atMs).toBe(start + 399_000);
  });

  it('keeps both sides of a moment when the clock was set back', () => {
    const { history } = historyWith(sampleAt(start + 10_000), sampleAt(start), sampleAt(start + 1000));
    expect(history.samplesOf('pool-1', start, start + 10_000)).toHaveLength(3);
  });

  it('answers an unknown pool with nothing, and forgets a deleted one', async () => {
    const { history, range } = historyWith(sampleAt(start));
    expect(await range(0, start + 1, 1_000_000_000_000, 'pool-2')).toMatchObject({ buckets: [], lastAtMs: 0 });
    history.forget('pool-1');
    expect(history.samplesOf('pool-1', 0, start)).toEqual([]);
  });

  it('hears nothing after it is closed', () => {
    const { events, history } = historyWith();
    history.close();
    events.emit('samples.tick', { atMs: start, samples: [sampleAt(start)] });
    expect(history.samplesOf('pool-1', 0, start)).toEqual([]);
  });
});
