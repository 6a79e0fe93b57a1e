import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkState } from '#shared/contract/bridge.ts';
import type { HistoryRange } from '#shared/contract/history.ts';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SeriesView } from '../charts/series.ts';
import type { Range } from '../ranges/range.ts';
import { PoolSeries } from './pool-series.ts';
import { type LiveClient, SampleFeed, type Tick } from './sample-feed.ts';

const startMs = 1_800_000_000_000;

function sampleAt(atMs: number, acquired = 1): PoolSample {
  const none = emptyHistogram();
  const counters = {
    released: 0,
    opened: 0,
    closed: 0,
    waitTimeouts: 0,
    connectTimeouts: 0,
    connectFailures: 0,
  };
  return {
    ...counters,
    profileId: 'p',
    atMs,
    intervalMs: 1000,
    idle: 1,
    used: 1,
    connecting: 0,
    pending: 0,
    usedPeak: 1,
    pendingPeak: 0,
    longestPendingMs: 0,
    min: 0,
    max: 10,
    acquired,
    connectionErrors: 0,
    waitMs: none,
    holdMs: none,
    connectMs: none,
    healthCheck: null,
  };
}

/** An engine whose history and events the test decides. It samples once a second from the start. */
class FakeEngine {
  samples: PoolSample[] = [];
  requests: { fromMs: number; toMs: number; bucketMs: number; signal: AbortSignal | undefined }[] = [];
  /** Set to hold answers back until the test lets them go. */
  hold: Promise<void> | null = null;
  failure: Error | null = null;
  /** Set to answer in longer buckets than asked for. */
  leastBucketMs = 0;
  subscriptions = 0;
  #ticks = new Set<(tick: Tick) => void>();
  #links = new Set<(link: LinkState) => void>();

  client = {
    request: async (
      _route: string,
      input: Omit<FakeEngine['requests'][0], 'signal'>,
      options?: { signal?: AbortSignal },
    ) => {
      this.requests.push({ ...input, signal: options?.signal });
      if (this.failure !== null) throw this.failure;
      // History as it stood when it was asked, answered later.
      const buckets: Bucket[] = [];
      const bucketMs = Math.max(input.bucketMs, this.leastBucketMs);
      const held = this.samples.filter(({ atMs }) => atMs >= input.fromMs && atMs <= input.toMs);
      for (const sample of held) foldSample(buckets, sample, bucketMs);
      await this.hold;
      const answer: HistoryRange = {
        profileId: 'p',
        bucketMs,
        buckets,
        lastAtMs: held.at(-1)?.atMs ?? 0,
      };
      return answer;
    },
    on: (_event: string, listener: (tick: Tick) => void) => {
      this.subscriptions += 1;
      this.#ticks.add(listener);
      return () => {
        this.subscriptions -= 1;
        this.#ticks.delete(listener);
      };
    },
    onLink: (listener: (link: LinkState) => void) => {
      this.#links.add(listener);
      listener('connected');
      return () => this.#links.delete(listener);
    },
  } as unknown as LiveClient;

  tick(sample: PoolSample): void {
    this.samples.push(sample);
    for (const listener of this.#ticks) listener({ atMs: sample.atMs, samples: [sample] });
  }

  link(state: LinkState): void {
    for (const listener of this.#links) listener(state);
  }
}

let engine: FakeEngine;
let closers: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(startMs);
  engine = new FakeEngine();
  closers = [];
});
afterEach(() => {
  for (const close of closers) close();
  vi.useRealTimers();
  expect(engine.subscriptions).toBe(0);
});

function open(
  range: Range | number = 300_000,
  seed?: SeriesView,
  pauses = new Map<string, number>(),
): PoolSeries {
  const feed = new SampleFeed(engine.client);
  const series = new PoolSeries({
    profileId: 'p',
    range: typeof range === 'number' ? { kind: 'live', spanMs: range } : range,
    ...(seed === undefined ? {} : { seed }),
    client: engine.client,
    feed,
    now: Date.now,
    pauses,
  });
  closers.push(series.open());
  return series;
}

/** Lets time pass, sampling once a second. */
async function pass(seconds: number, take: (sample: PoolSample) => void = (sample) => engine.tick(sample)) {
  for (let i = 0; i < seconds; i++) {
    await vi.advanceTimersByTimeAsync(1000);
    take(sampleAt(Date.now() - 500));
  }
}

const total = (series: PoolSeries) => series.view().buckets.reduce((sum, { acquired }) => sum + acquired, 0);
const starts = (series: PoolSeries) => series.view().buckets.map((bucket) => bucket.startMs);

describe('from history to live', () => {
  it('counts every sample once, whether it came before, during or after the answer', async () => {
    await pass(20, (sample) => engine.samples.push(sample));
    let letGo = () => {};
    engine.hold = new Promise((resolve) => {
      letGo = resolve;
    });
    const series = open();
    await pass(3);
    letGo();
    await pass(4);
    expect(engine.samples).toHaveLength(27);
    expect(total(series)).toBe(27);
    const seconds = starts(series);
    expect(new Set(seconds).size).toBe(seconds.length);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  it('skips a sample that the answer already holds', async () => {
    await pass(5, (sample) => engine.samples.push(sample));
    const series = open();
    await vi.advanceTimersByTimeAsync(0);
    const newest = engine.samples.at(-1) as PoolSample;
    engine.tick({ ...newest });
    expect(total(series)).toBe(5);
  });

  it('goes on filling the last bucket of history when buckets are wide', async () => {
    await pass(7, (sample) => engine.samples.push(sample));
    const series = open(3_600_000);
    await pass(3);
    const buckets = series.view().buckets;
    const whole: Bucket[] = [];
    for (const sample of engine.samples) foldSample(whole, sample, 15_000);
    expect(buckets).toEqual(whole);
  });

  it('asks for about as many buckets as a chart draws', () => {
    open(3_600_000);
    const [request] = engine.requests;
    expect(request?.bucketMs).toBe(15_000);
    expect(((request?.toMs ?? 0) - (request?.fromMs ?? 0)) / 15_000).toBeLessThan(305);
  });

  it('shows live samples and says so when history cannot be read', async () => {
    engine.failure = new Error('no history');
    const series = open();
    await pass(3);
    expect(series.status()).toMatchObject({ loading: false, error: engine.failure });
    expect(total(series)).toBe(3);
    engine.failure = null;
    await series.load();
    expect(series.status().error).toBeNull();
    expect(total(series)).toBe(3);
  });
});

describe('time out of order', () => {
  it('folds a slightly late sample into the last bucket: time never runs backwards', async () => {
    const series = open();
    await pass(5);
    engine.tick(sampleAt(Date.now() - 2700));
    expect(total(series)).toBe(6);
    const seconds = starts(series);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  it('goes on from the new time when the clock is set back', async () => {
    const series = open();
    await pass(60);
    vi.setSystemTime(startMs + 20_000);
    await pass(12);
    const view = series.view();
    expect(view.toMs).toBe(startMs + 32_000);
    // Up to a few seconds share a bucket where the times overlap; then all is as before.
    expect(starts(series).slice(-4)).toEqual([28, 29, 30, 31].map((second) => startMs + second * 1000));
  });

  it('leaves a gap when the clock is set forward', async () => {
    const series = open();
    await pass(10);
    vi.setSystemTime(Date.now() + 60_000);
    await pass(5);
    const seconds = starts(series);
    expect(seconds.some((second, i) => i > 0 && second - (seconds[i - 1] ?? 0) > 50_000)).toBe(true);
    expect(series.view().toMs).toBeGreaterThan(startMs + 70_000);
  });
});

describe('a lost link', () => {
  it('is made up for from history once the engine is reached again', async () => {
    const series = open();
    await pass(5);
    engine.link('lost');
    await pass(10, (sample) => engine.samples.push(sample));
    expect(total(series)).toBe(5);
    engine.link('connecting');
    engine.link('connected');
    await pass(2);
    expect(engine.requests).toHaveLength(2);
    expect(total(series)).toBe(17);
  });

  it('shows as a growing gap: the window moves on without samples', async () => {
    const series = open();
    await pass(5);
    engine.link('lost');
    const before = series.view().toMs;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(series.view().toMs).toBeGreaterThanOrEqual(before + 8000);
  });

  it('gives up an answer that a newer request overtook', async () => {
    engine.hold = new Promise(() => {});
    const series = open();
    await vi.advanceTimersByTimeAsync(0);
    engine.hold = null;
    engine.link('lost');
    engine.link('connected');
    await pass(3);
    expect(engine.requests[0]?.signal?.aborted).toBe(true);
    expect(series.status().loading).toBe(false);
    expect(total(series)).toBe(3);
  });
});

describe('pausing', () => {
  it('freezes what is shown while samples go on being collected', async () => {
    const series = open();
    await pass(5);
    series.pause();
    const frozen = series.view();
    const shown = JSON.stringify(frozen);
    await pass(10);
    expect(series.view()).toBe(frozen);
    expect(JSON.stringify(series.view())).toBe(shown);
    series.resume();
    expect(total(series)).toBe(15);
    expect(series.view().toMs).toBeGreaterThan(frozen.toMs);
  });

  it('tells the charts nothing until it ends', async () => {
    const series = open();
    await pass(2);
    series.pause();
    const told = vi.fn();
    series.subscribe(told);
    await pass(5);
    expect(told).not.toHaveBeenCalled();
    series.resume();
    expect(told).toHaveBeenCalledOnce();
  });

  it('outlasts a lost link', async () => {
    const series = open();
    await pass(5);
    series.pause();
    const frozen = series.view();
    engine.link('lost');
    engine.link('connected');
    await pass(3);
    expect(series.view()).toBe(frozen);
  });
});

describe('a pause that began in another range or before the tab was left', () => {
  it('goes on: the new series shows what ended at that moment, and stays there', async () => {
    const pauses = new Map<string, number>();
    const first = open(300_000, undefined, pauses);
    await pass(20);
    first.pause();
    const shown = first.view();
    for (const close of closers.splice(0)) close();
    await pass(30, (sample) => engine.samples.push(sample));
    const next = open(300_000, undefined, pauses);
    await pass(3);
    expect(next.status()).toEqual({ pausedAtMs: first.status().pausedAtMs, loading: false, error: null });
    expect(next.view()).toEqual(shown);
    next.resume();
    expect(pauses.size).toBe(0);
    expect(total(next)).toBe(53);
  });

  it('ends at the same moment in a range with wider buckets', async () => {
    const pausedAtMs = startMs + 20_500;
    await pass(60, (sample) => engine.samples.push(sample));
    const series = open(3_600_000, undefined, new Map([['p', pausedAtMs]]));
    await pass(2);
    expect(series.view().toMs).toBe(startMs + 21_000);
    expect(total(series)).toBe(engine.samples.filter(({ atMs }) => atMs <= pausedAtMs).length);
  });

  it('is read once more when its history could not be had', async () => {
    await pass(10, (sample) => engine.samples.push(sample));
    engine.failure = new Error('no history');
    const series = open(300_000, undefined, new Map([['p', startMs + 5000]]));
    await pass(1);
    expect(series.status().error).toBe(engine.failure);
    engine.failure = null;
    await series.load();
    expect(series.view().buckets.length).toBeGreaterThan(0);
    expect(series.status().pausedAtMs).toBe(startMs + 5000);
  });

  it('holds what had not arrived yet when it began', async () => {
    await pass(10, (sample) => engine.samples.push(sample));
    let letGo = () => {};
    engine.hold = new Promise((resolve) => {
      letGo = resolve;
    });
    const series = open();
    series.pause();
    letGo();
    await pass(2);
    expect(total(series)).toBe(10);
  });

  it('is no matter to a fixed range', async () => {
    const fixed: Range = { kind: 'fixed', fromMs: startMs - 60_000, toMs: startMs };
    const series = open(fixed, undefined, new Map([['p', startMs - 30_000]]));
    await pass(2);
    expect(series.view().toMs).toBe(startMs);
    expect(series.status().pausedAtMs).toBeNull();
  });
});

describe('memory', () => {
  it('lets go of buckets that left the window', async () => {
    const series = open(20_000);
    await pass(100);
    const view = series.view();
    expect(view.buckets.length).toBeLessThanOrEqual(23);
    expect(view.buckets[0]?.startMs).toBeGreaterThanOrEqual(view.fromMs - 2000);
    expect(view.buckets[0]?.startMs).toBeLessThanOrEqual(view.fromMs);
  });

  it('lets go while paused too', async () => {
    const series = open(20_000);
    await pass(30);
    series.pause();
    await pass(100);
    series.resume();
    expect(series.view().buckets.length).toBeLessThanOrEqual(23);
  });
});

describe('a long range', () => {
  it('goes on in the buckets of the answer where they are longer than asked for', async () => {
    await pass(90, (sample) => engine.samples.push(sample));
    engine.leastBucketMs = 60_000;
    const series = open(3_600_000);
    await pass(40);
    expect(series.view().bucketMs).toBe(60_000);
    const whole: Bucket[] = [];
    for (const sample of engine.samples) foldSample(whole, sample, 60_000);
    expect(series.view().buckets).toEqual(whole);
  });

  it('moves on every second, whatever the length of its buckets', async () => {
    const series = open(30 * 86_400_000);
    await pass(2);
    const before = series.view().toMs;
    await pass(1);
    expect(series.view().toMs).toBe(before + 1000);
    expect(engine.requests[0]?.bucketMs).toBe(3 * 3_600_000);
  });
});

describe('a fixed range', () => {
  const fixed: Range = { kind: 'fixed', fromMs: startMs - 60_000, toMs: startMs };

  it('is history alone and stands still', async () => {
    engine.samples = [1, 2, 3].map((i) => sampleAt(startMs - i * 10_000 - 500)).reverse();
    const series = open(fixed);
    await pass(5);
    expect(series.view()).toMatchObject({ fromMs: startMs - 60_000, toMs: startMs });
    expect(total(series)).toBe(3);
    expect(engine.subscriptions).toBe(0);
  });

  it('shows what is known of it until the answer comes', async () => {
    const seed = open();
    await pass(20);
    const view = { ...seed.view() };
    engine.hold = new Promise(() => {});
    const series = open({ kind: 'fixed', fromMs: startMs + 5000, toMs: startMs + 15_000 }, view);
    expect(starts(series)[0]).toBe(startMs + 3000);
    expect(starts(series).at(-1)).toBe(startMs + 14_000);
  });

  it('goes on by itself in buckets of the right length when there is no answer', async () => {
    const seed = open(3_600_000);
    await pass(40);
    engine.failure = new Error('no history');
    const shorter = open(300_000, { ...seed.view() });
    const longer = open(86_400_000, { ...seed.view() });
    await pass(5);
    expect([shorter, longer].map((series) => series.view().bucketMs)).toEqual([1000, 300_000]);
    expect([shorter, longer].map(total)).toEqual([5, 45]);
  });

  it('says why when it cannot be read, and can be tried again', async () => {
    engine.failure = new Error('no history');
    const series = open(fixed);
    await vi.advanceTimersByTimeAsync(0);
    expect(series.status()).toMatchObject({ loading: false, error: engine.failure });
    engine.failure = null;
    await series.load();
    expect(series.status().error).toBeNull();
  });
});
