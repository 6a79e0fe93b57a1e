import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SampleFeed, Tick } from './sample-feed.ts';
import type { Visibility } from './visibility.ts';

/** What a pool did over the last few seconds. */
export interface PoolActivity {
  latest: PoolSample;
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
const noSparkline: PoolSparkline = { used: [], max: 0 };

/**
 * The newest samples of all pools. Every value handed out is replaced, never changed, so that
 * React can compare by identity. While the page is hidden nobody is told; they are when it shows.
 */
export class LatestSamples {
  latest: ReadonlyMap<string, PoolSample> = new Map();
  samplesPerSecond = 0;
  readonly #feed: SampleFeed;
  readonly #visibility: Visibility;
  readonly #listeners = new Set<() => void>();
  #activity = new Map<string, PoolActivity>();
  #sparklines = new Map<string, PoolSparkline>();
  #sizes: number[] = [];
  #silence: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | null = null;

  constructor(feed: SampleFeed, visibility: Visibility) {
    this.#feed = feed;
    this.#visibility = visibility;
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
    ];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.#silence);
    };
  }

  /** A batch holds every open pool, so a pool that is not in it is not open. */
  #take(tick: Tick): void {
    const before = this.#activity;
    this.#activity = new Map(
      tick.samples.map((sample) => [sample.profileId, after(before.get(sample.profileId), sample)]),
    );
    this.latest = new Map(tick.samples.map((sample) => [sample.profileId, sample]));
    this.#extendSparklines();
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

  /** No tick for a while: what was newest is no longer true. */
  #fallSilent(): void {
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
  return {
    latest: sample,
    recent: [...(before?.recent ?? []).filter((old) => Math.abs(sample.atMs - old.atMs) < recentMs), sample],
    lastCheck: check === null ? (before?.lastCheck ?? null) : { atMs: sample.atMs, ...check },
  };
}
