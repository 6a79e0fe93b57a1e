import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkState } from '#shared/contract/bridge.ts';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
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
/** What the engine's history holds. */
let held: PoolSample[];
let asked: { profileId: string; fromMs: number; toMs: number }[];
/** Set to hold answers back. */
let hold: Promise<void> | null;
let failing: boolean;
let link: (state: LinkState) => void;

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
  held = [];
  asked = [];
  hold = null;
  failing = false;
  const client = {
    request: async (_route: string, input: (typeof asked)[0]) => {
      asked.push(input);
      const buckets: Bucket[] = [];
      for (const sample of held) {
        const within = sample.atMs >= input.fromMs && sample.atMs < input.toMs;
        if (sample.profileId === input.profileId && within) foldSample(buckets, sample, 1000);
      }
      await hold;
      if (failing) throw new Error('no history');
      return { buckets };
    },
    onLink: (listener: typeof link) => {
      link = listener;
      listener('connected');
      return () => {};
    },
  } as unknown as LiveClient;
  store = new LatestSamples(new SampleFeed({ on }), visibility, client);
  stop = store.subscribe(() => {
    told += 1;
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

const none = emptyHistogram();
const sample = (profileId: string, atMs: number, more: Partial<PoolSample> = {}) =>
  ({
    profileId,
    atMs,
    used: 3,
    usedPeak: 0,
    pending: 0,
    pendingPeak: 0,
    max: 10,
    waitMs: none,
    holdMs: none,
    connectMs: none,
    healthCheck: null,
    ...more,
  }) as PoolSample;
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

  it('know the peaks of ten seconds, those between two samples included', () => {
    tick(1000, sample('a', 1000, { used: 2, usedPeak: 10, pending: 0, pendingPeak: 17 }));
    tick(2000, sample('a', 2000, { used: 4 }));
    expect(store.latest.get('a')?.recentPeak).toEqual({ used: 10, pending: 17 });
    expect(store.activityOf('a')?.latest).toBe(store.latest.get('a'));
    for (let second = 3; second <= 11; second++) tick(second * 1000, sample('a', second * 1000));
    expect(store.latest.get('a')?.recentPeak).toEqual({ used: 4, pending: 0 });
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

describe('the minute before', () => {
  const startMs = 1_800_000_000_000;
  const at = (second: number) => startMs + second * 1000;
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const second = (n: number, more: Partial<PoolSample> = {}) => sample('a', at(n), { used: n % 10, ...more });
  /** Seconds that history holds, with `used` telling them apart. */
  const sampled = (from: number, to: number) => {
    for (let n = from; n <= to; n++) held.push(second(n));
  };
  const units = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => (from + i) % 10);

  it('is asked for once and stands in front of what came live, each second once', async () => {
    sampled(1, 99);
    tick(at(100), second(100));
    held.push(second(100));
    await settle();
    tick(at(101), second(101));
    await settle();
    expect(asked).toHaveLength(1);
    expect(store.sparklineOf('a').used).toEqual(units(42, 101));
  });

  it('joins what came while the answer was awaited, without a point twice', async () => {
    sampled(90, 99);
    let letGo = () => {};
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
    for (let n = 100; n <= 104; n++) tick(at(n), second(n));
    letGo();
    await settle();
    expect(store.sparklineOf('a').used).toEqual(units(90, 104));
  });

  it('is asked for again when the link is back, and shows no seam', async () => {
    sampled(1, 99);
    tick(at(100), second(100));
    held.push(second(100));
    await settle();
    link('lost');
    sampled(101, 119);
    link('connecting');
    link('connected');
    tick(at(120), second(120));
    await settle();
    expect(asked).toHaveLength(2);
    expect(store.sparklineOf('a').used).toEqual(units(61, 120));
  });

  it('has a gap where nothing was sampled', async () => {
    sampled(80, 89);
    sampled(95, 99);
    tick(at(100), second(100));
    await settle();
    expect(store.sparklineOf('a').used).toEqual([
      ...units(80, 89),
      null,
      null,
      null,
      null,
      null,
      ...units(95, 100),
    ]);
  });

  it('is asked for a few pools at a time', async () => {
    let letGo = () => {};
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
    tick(at(0), ...Array.from({ length: 10 }, (_, i) => sample(`p${i}`, at(0))));
    await settle();
    expect(asked).toHaveLength(4);
    letGo();
    await settle();
    expect(new Set(asked.map(({ profileId }) => profileId)).size).toBe(10);
  });

  it('may be missing: the sparkline goes on with what comes', async () => {
    failing = true;
    tick(at(100), second(100));
    await settle();
    tick(at(101), second(101));
    expect(store.sparklineOf('a').used).toEqual([0, 1]);
  });
});
