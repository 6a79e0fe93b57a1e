import { type Bucket, bucketStartMs, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SeriesSource, SeriesView } from '../charts/series.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import { type LiveClient, onReachable, type SampleFeed, type Tick } from './sample-feed.ts';

/** A window of the Live tab. Buckets are sized so that a chart draws about 300 of them. */
export const liveWindows = {
  '5m': { windowMs: 5 * 60_000, bucketMs: 1000, label: '5 m' },
  '15m': { windowMs: 15 * 60_000, bucketMs: 3000, label: '15 m' },
  '1h': { windowMs: 60 * 60_000, bucketMs: 12_000, label: '1 h' },
} as const;
export type LiveWindow = keyof typeof liveWindows;

interface PoolSeriesOptions {
  profileId: string;
  windowMs: number;
  bucketMs: number;
  client: LiveClient;
  feed: SampleFeed;
  /** The engine's wall clock. */
  now?: () => number;
  /** Remembers the pause for the series that follows this one. */
  pauses?: PauseMemory;
}

/** The moment each pool was paused at, by profile id. */
interface PauseMemory {
  get(profileId: string): number | undefined;
  set(profileId: string, atMs: number): unknown;
  delete(profileId: string): unknown;
}

export interface PoolSeriesStatus {
  /** The moment the view stands still at; null while it is live. */
  pausedAtMs: number | null;
  /** The answer from history is still to come. */
  loading: boolean;
  /** Why what lies before the first live sample could not be had. */
  error: unknown;
}

/** The engine's clock was set, or was not known yet, when it is off by more than this. */
const clockStepMs = 5000;
/** Time moves on without ticks after this: a lost link shows as a growing gap. */
const tickLateMs = 1500;

/**
 * One pool's samples over a window that ends now: history first, then live samples folded on with
 * the engine's own functions. It listens before it asks, so nothing falls between the two, and it
 * skips samples that the answer already holds, so nothing counts twice.
 */
export class PoolSeries implements SeriesSource {
  readonly #options: Required<PoolSeriesOptions>;
  readonly #listeners = new Set<() => void>();
  #buckets: Bucket[] = [];
  #lastAtMs = 0;
  #toMs: number;
  #status: PoolSeriesStatus = { pausedAtMs: null, loading: true, error: null };
  #view: SeriesView | null = null;
  /** Paused before this series was made: what stood still then is still to be read. */
  #pastDue = false;
  /** Live samples heard while an answer is awaited. */
  #waiting: PoolSample[] = [];
  #request: AbortController | null = null;
  /** By the page's monotonic clock. */
  #tickedAt = 0;
  #asked = { atMs: 0, at: 0 };

  constructor(options: PoolSeriesOptions) {
    this.#options = { now: engineNowMs, pauses: new Map(), ...options };
    this.#toMs = this.#endOf(this.#options.now());
    const pausedAtMs = this.#options.pauses.get(options.profileId);
    if (pausedAtMs !== undefined) this.#standAt(pausedAtMs);
  }

  /** Starts listening and asks for history; returns the function that ends both. */
  open(): () => void {
    const { feed, client } = this.#options;
    const stops = [
      feed.onTick((tick) => this.#hear(tick)),
      onReachable(client, (reachable) => {
        if (reachable) void this.load();
      }),
    ];
    const timer = setInterval(() => this.#moveOn(), 1000);
    return () => {
      for (const stop of stops) stop();
      clearInterval(timer);
      this.#request?.abort();
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  status = (): PoolSeriesStatus => this.#status;

  /** The span and buckets to draw: now, or as they were when paused. */
  view(): SeriesView {
    this.#view ??= {
      fromMs: this.#toMs - this.#options.windowMs,
      toMs: this.#toMs,
      bucketMs: this.#options.bucketMs,
      buckets: this.#buckets,
    };
    return this.#view;
  }

  /** Freezes the view; samples go on being collected. */
  pause(): void {
    if (this.#status.pausedAtMs !== null) return;
    const { profileId, now, pauses } = this.#options;
    this.#view = { ...this.view(), buckets: [...this.#buckets] };
    const pausedAtMs = Math.min(this.#view.toMs, now());
    pauses.set(profileId, pausedAtMs);
    this.#setStatus({ pausedAtMs });
    if (!this.#status.loading || this.#buckets.length > 0) return;
    // Nothing is here yet that could stand still.
    this.#standAt(pausedAtMs);
    void this.load();
  }

  /** Jumps to now. */
  resume(): void {
    if (this.#status.pausedAtMs === null) return;
    this.#options.pauses.delete(this.#options.profileId);
    this.#view = null;
    this.#pastDue = false;
    this.#setStatus({ pausedAtMs: null });
  }

  /** Shows the window that ended at a moment; `load` fills it. */
  #standAt(pausedAtMs: number): void {
    const { windowMs, bucketMs } = this.#options;
    const toMs = Math.ceil(pausedAtMs / bucketMs) * bucketMs;
    this.#view = { fromMs: toMs - windowMs, toMs, bucketMs, buckets: [] };
    this.#pastDue = true;
    this.#status = { ...this.#status, pausedAtMs };
  }

  /** Asks for the window's history, at the start, after the link was lost, and to try again. */
  async load(): Promise<void> {
    const { client, profileId, windowMs, bucketMs } = this.#options;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#waiting = [];
    this.#setStatus({ loading: true, error: null });
    const nowMs = this.#options.now();
    this.#asked = { atMs: nowMs, at: performance.now() };
    const toMs = this.#endOf(nowMs);
    // Beyond both ends: the line reaches the left edge, and a clock a little ahead loses nothing.
    const ask = (endMs: number, untilMs: number) =>
      client.request(
        'history.range',
        { profileId, bucketMs, fromMs: endMs - windowMs - 2 * bucketMs, toMs: untilMs },
        { signal: request.signal },
      );
    const { pausedAtMs } = this.#status;
    const pastDue = this.#pastDue && pausedAtMs !== null;
    try {
      const [range, past] = await Promise.all([
        ask(toMs, toMs + clockStepMs),
        pastDue ? ask(this.view().toMs, pausedAtMs) : null,
      ]);
      if (request !== this.#request) return;
      if (past !== null && this.#pastDue) {
        this.#view = { ...this.view(), buckets: past.buckets };
        this.#pastDue = false;
      }
      this.#buckets = [...range.buckets];
      this.#lastAtMs = range.lastAtMs;
      this.#finishLoading(null);
    } catch (error) {
      if (request === this.#request && !request.signal.aborted) this.#finishLoading(error);
    }
  }

  #finishLoading(error: unknown): void {
    this.#request = null;
    for (const sample of this.#waiting) if (sample.atMs > this.#lastAtMs) this.#fold(sample);
    this.#waiting = [];
    this.#advance(Math.max(this.#lastAtMs, this.#options.now()));
    this.#setStatus({ loading: false, error });
  }

  #hear(tick: Tick): void {
    this.#tickedAt = performance.now();
    const expectedMs = this.#asked.atMs + this.#tickedAt - this.#asked.at;
    if (Math.abs(tick.atMs - expectedMs) > clockStepMs) void this.load();
    const sample = tick.samples.find(({ profileId }) => profileId === this.#options.profileId);
    if (sample !== undefined) {
      if (this.#request !== null) this.#waiting.push(sample);
      // After a lost link the old picture stays and grows until the new one is there.
      if (this.#request === null || this.#buckets.length > 0) this.#fold(sample);
    }
    this.#advance(tick.atMs);
    this.#changed();
  }

  #fold(sample: PoolSample): void {
    if (sample.atMs === this.#lastAtMs) return;
    if (sample.atMs < this.#lastAtMs - clockStepMs) {
      // The clock was set back: what was sampled "later" would stand in the way for as long.
      this.#buckets = this.#buckets.filter((bucket) => bucket.startMs <= sample.atMs);
      this.#toMs = this.#endOf(sample.atMs);
      this.#lastAtMs = sample.atMs;
    }
    foldSample(this.#buckets, sample, this.#options.bucketMs);
    this.#lastAtMs = Math.max(this.#lastAtMs, sample.atMs);
  }

  /** Moves the window's end, and lets go of what has left it. */
  #advance(atMs: number): void {
    const { windowMs, bucketMs } = this.#options;
    const endMs = this.#endOf(atMs);
    // A hair back is a late tick; far back is a clock that was set.
    if (endMs > this.#toMs || endMs < this.#toMs - clockStepMs - bucketMs) this.#toMs = endMs;
    const keepFromMs = this.#toMs - windowMs - 2 * bucketMs;
    while ((this.#buckets[0]?.startMs ?? Number.POSITIVE_INFINITY) < keepFromMs) this.#buckets.shift();
    if (this.#status.pausedAtMs === null) this.#view = null;
  }

  #moveOn(): void {
    if (performance.now() - this.#tickedAt < tickLateMs) return;
    this.#advance(this.#options.now());
    this.#changed();
  }

  /** The end of the bucket that holds a moment. */
  #endOf(atMs: number): number {
    return bucketStartMs(atMs, this.#options.bucketMs) + this.#options.bucketMs;
  }

  #setStatus(change: Partial<PoolSeriesStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tell();
  }

  #changed(): void {
    if (this.#status.pausedAtMs === null) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
