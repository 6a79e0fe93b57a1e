import type { PoolSample } from '#shared/model/pool-sample.ts';
import { type LiveClient, onReachable, type SampleFeed, type Tick } from './sample-feed.ts';
import { pastMinute, valuesBefore } from './sparkline-history.ts';
import type { Visibility } from './visibility.ts';

/** The newest sample of a pool. */
export interface LatestSample extends PoolSample {
  /** The highest values of the last ten seconds, those between two samples included. */
  recentPeak: { used: number; pending: number };
}

/** What a pool did over the last few seconds. */
export interface PoolActivity {
  latest: LatestSample;
  /** The last ten seconds, oldest first. */
  recent: readonly PoolSample[];
  /** The last health check heard of, and when it ended. */
  lastCheck: { atMs: number; roundTripMs: number | null } | null;
}

interface PoolSparkline {
  /** One value per second, oldest first; null while the pool was not open. */
  used: readonly (number | null)[];
  max: number;
}

export const sparklineSeconds = 60;
const recentMs = 10_000;
const rateTicks = 5;
const silentAfterMs = 3000;
/** Histories asked for at a time: a page with many pools must not keep the engine from other work. */
const requestsAtOnce = 4;
const noSparkline: PoolSparkline = { used: [], max: 0 };

/**
 * The newest samples of all pools. Every value handed out is replaced, never changed, so that
 * React can compare by identity. While the page is hidden nobody is told; they are when it shows.
 */
export class LatestSamples {
  latest: ReadonlyMap<string, LatestSample> = new Map();
  samplesPerSecond = 0;
  readonly #feed: SampleFeed;
  readonly #visibility: Visibility;
  readonly #client: Pick<LiveClient, 'request' | 'onLink'>;
  readonly #listeners = new Set<() => void>();
  #activity = new Map<string, PoolActivity>();
  #sparklines = new Map<string, PoolSparkline>();
  #sizes: number[] = [];
  #silence: ReturnType<typeof setTimeout> | undefined;
  #ticks = 0;
  /** Ticks were missed: the next one asks for the minute before it. */
  #pastDue = true;
  #filling: AbortController | null = null;
  #stop: (() => void) | null = null;

  constructor(feed: SampleFeed, visibility: Visibility, client: Pick<LiveClient, 'request' | 'onLink'>) {
    this.#feed = feed;
    this.#visibility = visibility;
    this.#client = client;
  }

  /** Listens to the feed while anyone listens here. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  };

  activityOf(profileId: string): PoolActivity | undefined {
    return this.#activity.get(profileId);
  }

  sparklineOf(profileId: string): PoolSparkline {
    return this.#sparklines.get(profileId) ?? noSparkline;
  }

  #start(): () => void {
    const stops = [
      this.#feed.onTick((tick) => this.#take(tick)),
      this.#visibility.onChange(() => this.#tell()),
      // Heard at once as well: a store that starts has missed what came before.
      onReachable(this.#client, () => {
        this.#pastDue = true;
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.#silence);
      this.#filling?.abort();
    };
  }

  /** A batch holds every open pool, so a pool that is not in it is not open. */
  #take(tick: Tick): void {
    const before = this.#activity;
    this.#activity = new Map(
      tick.samples.map((sample) => [sample.profileId, after(before.get(sample.profileId), sample)]),
    );
    this.latest = new Map([...this.#activity].map(([profileId, { latest }]) => [profileId, latest]));
    this.#ticks += 1;
    this.#extendSparklines();
    if (this.#pastDue) void this.#fillSparklines(tick.samples);
    this.#sizes = [...this.#sizes, tick.samples.length].slice(-rateTicks);
    this.samplesPerSecond = Math.round(this.#sizes.reduce((sum, size) => sum + size, 0) / this.#sizes.length);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fallSilent(), silentAfterMs);
    this.#tell();
  }

  #extendSparklines(): void {
    const next = new Map<string, PoolSparkline>();
    for (const profileId of new Set([...this.#sparklines.keys(), ...this.latest.keys()])) {
      const sample = this.latest.get(profileId);
      const { used, max } = this.sparklineOf(profileId);
      const extended = [...used, sample?.used ?? null].slice(-sparklineSeconds);
      if (extended.some((value) => value !== null)) {
        next.set(profileId, { used: extended, max: sample?.max ?? max });
      }
    }
    this.#sparklines = next;
  }

  /** Puts the minute before `samples`, the first after ticks were missed, in front of their sparklines. */
  async #fillSparklines(samples: readonly PoolSample[]): Promise<void> {
    this.#pastDue = false;
    this.#filling?.abort();
    const filling = new AbortController();
    this.#filling = filling;
    const { signal } = filling;
    const ticksBefore = this.#ticks - 1;
    const queue = [...samples];
    const work = async () => {
      for (let sample = queue.shift(); sample !== undefined && !signal.aborted; sample = queue.shift()) {
        try {
          const { buckets } = await this.#client.request('history.range', pastMinute(sample), { signal });
          if (!signal.aborted) this.#prepend(sample, valuesBefore(sample.atMs, buckets), ticksBefore);
        } catch {
          // Without its past, a sparkline fills up within a minute.
        }
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, work));
  }

  /** Keeps what came since `ticksBefore`, one value a tick, and puts the past in place of all before. */
  #prepend({ profileId }: PoolSample, past: readonly (number | null)[], ticksBefore: number): void {
    const sparkline = this.#sparklines.get(profileId);
    if (sparkline === undefined) return;
    const used = [...past, ...sparkline.used.slice(ticksBefore - this.#ticks)].slice(-sparklineSeconds);
    this.#sparklines = new Map(this.#sparklines).set(profileId, { ...sparkline, used });
    this.#tell();
  }

  /** No tick for a while: what was newest is no longer true. */
  #fallSilent(): void {
    this.#pastDue = true;
    this.#activity = new Map();
    this.latest = new Map();
    this.#sizes = [];
    this.samplesPerSecond = 0;
    this.#tell();
  }

  #tell(): void {
    if (this.#visibility.hidden()) return;
    for (const listener of [...this.#listeners]) listener();
  }
}

function after(before: PoolActivity | undefined, sample: PoolSample): PoolActivity {
  const check = sample.healthCheck;
  const recent = [
    ...(before?.recent ?? []).filter((old) => Math.abs(sample.atMs - old.atMs) < recentMs),
    sample,
  ];
  return {
    latest: { ...sample, recentPeak: peakOf(recent) },
    recent,
    lastCheck: check === null ? (before?.lastCheck ?? null) : { atMs: sample.atMs, ...check },
  };
}

function peakOf(samples: readonly PoolSample[]): LatestSample['recentPeak'] {
  return {
    used: Math.max(...samples.map(({ used, usedPeak }) => Math.max(used, usedPeak))),
    pending: Math.max(...samples.map(({ pending, pendingPeak }) => Math.max(pending, pendingPeak))),
  };
}
