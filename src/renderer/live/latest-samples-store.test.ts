import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { LatestSamples, sparklineSeconds } from './latest-samples-store.ts';
import { type LiveClient, SampleFeed, type Tick } from './sample-feed.ts';

let hear: (tick: Tick) => void;
let subscriptions: number;
let hidden: boolean;
let shown: () => void;
let store: LatestSamples;
let told: number;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  subscriptions = 0;
  hidden = false;
  told = 0;
  const on = ((_event: string, listener: (tick: Tick) => void) => {
    subscriptions += 1;
    hear = listener;
    return () => {
      subscriptions -= 1;
    };
  }) as LiveClient['on'];
  const visibility = {
    hidden: () => hidden,
    onChange: (listener: () => void) => {
      shown = listener;
      return () => {};
    },
  };
  store = new LatestSamples(new SampleFeed({ on }), visibility);
  stop = store.subscribe(() => {
    told += 1;
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

const sample = (profileId: string, atMs: number, more: Partial<PoolSample> = {}) =>
  ({ profileId, atMs, used: 3, max: 10, healthCheck: null, ...more }) as PoolSample;
const tick = (atMs: number, ...samples: PoolSample[]) => hear({ atMs, samples });

describe('the newest samples', () => {
  it('share one subscription, however many listen, and end it with the last', () => {
    const second = store.subscribe(() => {});
    expect(subscriptions).toBe(1);
    second();
    expect(subscriptions).toBe(1);
    stop();
    expect(subscriptions).toBe(0);
  });

  it('hold what came last, and nothing of a pool that is no longer open', () => {
    tick(1000, sample('a', 1000), sample('b', 1000));
    expect(store.latest.get('a')?.atMs).toBe(1000);
    tick(2000, sample('a', 2000));
    expect(store.latest.get('a')?.atMs).toBe(2000);
    expect(store.latest.has('b')).toBe(false);
    expect(store.activityOf('b')).toBeUndefined();
  });

  it('keep ten seconds of each pool, and its last health check for as long as it is open', () => {
    tick(1000, sample('a', 1000, { healthCheck: { roundTripMs: 0.5 } }));
    for (let second = 2; second <= 30; second++) tick(second * 1000, sample('a', second * 1000));
    expect(store.activityOf('a')?.recent.map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 10 }, (_, i) => (i + 21) * 1000),
    );
    expect(store.activityOf('a')?.lastCheck).toEqual({ atMs: 1000, roundTripMs: 0.5 });
  });

  it('are nothing once ticks stop', () => {
    tick(1000, sample('a', 1000));
    vi.advanceTimersByTime(5000);
    expect(store.latest.size).toBe(0);
    expect(store.samplesPerSecond).toBe(0);
  });

  it('count samples per second', () => {
    for (let second = 1; second <= 6; second++) tick(second * 1000, sample('a', 0), sample('b', 0));
    expect(store.samplesPerSecond).toBe(2);
  });

  it('wait while the page is hidden and catch up when it shows', () => {
    hidden = true;
    tick(1000, sample('a', 1000));
    expect(told).toBe(0);
    hidden = false;
    shown();
    expect(told).toBe(1);
    expect(store.latest.get('a')?.atMs).toBe(1000);
  });
});

describe('sparklines', () => {
  it('hold a minute and change identity only with a tick', () => {
    for (let second = 1; second <= 100; second++)
      tick(second * 1000, sample('a', second * 1000, { used: second }));
    const line = store.sparklineOf('a');
    expect(line.used).toHaveLength(sparklineSeconds);
    expect(line.used.at(-1)).toBe(100);
    expect(store.sparklineOf('a')).toBe(line);
    expect(store.sparklineOf('unknown')).toBe(store.sparklineOf('other'));
  });

  it('show a gap while a pool was closed and forget it after a minute', () => {
    tick(1000, sample('a', 1000));
    tick(2000);
    tick(3000, sample('a', 3000));
    expect(store.sparklineOf('a').used).toEqual([3, null, 3]);
    for (let i = 0; i < 61; i++) tick(4000 + i);
    expect(store.sparklineOf('a').used).toEqual([]);
  });
});
