import type { HistoryRange } from '#shared/contract/history.ts';
import { type Bucket, bucketStartMs, foldBucket, foldSample } from '#shared/model/bucket.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { points, type SeriesChange, type SeriesSource, type SeriesView } from '../charts/series.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import { type Range, spanOf } from '../ranges/range.ts';
import { type LiveClient, onReachable, type SampleFeed, type Tick } from './sample-feed.ts';

interface PoolSeriesOptions {
  profileId: string;
  range: Range;
  client: LiveClient;
  feed: SampleFeed;
  /** The engine's wall clock. */
  now?: () => number;
  /** Remembers the pause of a live range for the series that follows this one. */
  pauses?: PauseMemory;
  /** What is known of the range already, to be shown until the answer comes. */
  seed?: SeriesView;
}

/** The moment each pool was paused at, by profile id. */
interface PauseMemory {
  get(profileId: string): number | undefined;
  set(profileId: string, atMs: number): unknown;
  delete(profileId: string): unknown;
}

export interface PoolSeriesStatus {
  /** The moment the view of a live range stands still at; null while it is live. */
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
 * One pool's samples over a range. A live range ends now: history first, then live samples folded
 * on with the engine's own functions. It listens before it asks, so nothing falls between the two,
 * and it skips samples that the answer already holds, so nothing counts twice. A fixed range is
 * history alone and stands still.
 */
export class PoolSeries implements SeriesSource {
  readonly #options: Required<Omit<PoolSeriesOptions, 'seed'>>;
  readonly #live: boolean;
  readonly #spanMs: number;
  readonly #wantedBucketMs: number;
  readonly #listeners = new Set<(change: SeriesChange) => void>();
  /** As wanted, or longer where history answered so. */
  #bucketMs: number;
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

  constructor({ seed, ...options }: PoolSeriesOptions) {
    this.#options = { now: engineNowMs, pauses: new Map(), ...options };
    const { range } = options;
    this.#live = range.kind === 'live';
    this.#spanMs = spanOf(range);
    this.#wantedBucketMs = bucketStepMs(this.#spanMs, points);
    this.#bucketMs = this.#wantedBucketMs;
    this.#toMs = range.kind === 'live' ? endOfSecond(this.#options.now()) : range.toMs;
    if (seed !== undefined) this.#start(seed);
    const pausedAtMs = this.#options.pauses.get(options.profileId);
    if (this.#live && pausedAtMs !== undefined) this.#standAt(pausedAtMs);
  }

  get range(): Range {
    return this.#options.range;
  }

  /** Starts listening and asks for history; returns the function that ends both. */
  open(): () => void {
    const { feed, client } = this.#options;
    const stops = [
      onReachable(client, (reachable) => {
        if (reachable) void this.load();
      }),
    ];
    if (this.#live) {
      stops.push(feed.onTick((tick) => this.#hear(tick)));
      const timer = setInterval(() => this.#moveOn(), 1000);
      stops.push(() => clearInterval(timer));
    }
    return () => {
      for (const stop of stops) stop();
      this.#request?.abort();
    };
  }

  subscribe = (listener: (change: SeriesChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  status = (): PoolSeriesStatus => this.#status;

  /** The span and buckets to draw: now, or as they were when paused. */
  view(): SeriesView {
    this.#view ??= {
      fromMs: this.#toMs - this.#spanMs,
      toMs: this.#toMs,
      bucketMs: this.#bucketMs,
      buckets: this.#buckets,
    };
    return this.#view;
  }

  /** Freezes the view of a live range; samples go on being collected. */
  pause(): void {
    if (this.#status.pausedAtMs !== null || !this.#live) return;
    const { profileId, now, pauses } = this.#options;
    this.#view = { ...this.view(), buckets: [...this.#buckets] };
    const pausedAtMs = Math.min(this.#view.toMs, now());
    pauses.set(profileId, pausedAtMs);
    this.#setStatus({ pausedAtMs });
    if (!this.#status.loading) return;
    // What should stand still is not all here yet.
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

  /** Shows the range that ended at a moment, as far as it is known; `load` fills it. */
  #standAt(pausedAtMs: number): void {
    const toMs = Math.ceil(pausedAtMs / 1000) * 1000;
    const buckets = this.#buckets.filter(({ lastAtMs }) => lastAtMs <= pausedAtMs);
    this.#view = { fromMs: toMs - this.#spanMs, toMs, bucketMs: this.#bucketMs, buckets };
    this.#pastDue = true;
    this.#status = { ...this.#status, pausedAtMs };
  }

  /** Asks for the range's history, at the start, after the link was lost, and to try again. */
  async load(): Promise<void> {
    const { now } = this.#options;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#waiting = [];
    this.#setStatus({ loading: true, error: null });
    const nowMs = now();
    this.#asked = { atMs: nowMs, at: performance.now() };
    const endMs = this.#live ? endOfSecond(nowMs) : this.#toMs;
    const { pausedAtMs } = this.#status;
    const pastDue = this.#pastDue && pausedAtMs !== null;
    try {
      const [range, past] = await Promise.all([
        this.#ask(endMs, this.#live ? endMs + clockStepMs : endMs, request.signal),
        pastDue ? this.#ask(this.view().toMs, pausedAtMs, request.signal) : null,
      ]);
      if (request !== this.#request) return;
      if (past !== null && this.#pastDue) {
        this.#view = { ...this.view(), bucketMs: past.bucketMs, buckets: past.buckets };
        this.#pastDue = false;
      }
      this.#bucketMs = range.bucketMs;
      this.#buckets = [...range.buckets];
      this.#lastAtMs = range.lastAtMs;
      this.#finishLoading(null);
    } catch (error) {
      if (request !== this.#request || request.signal.aborted) return;
      this.#startOver();
      this.#finishLoading(error);
    }
  }

  /** Beyond both ends: the line reaches the left edge, and a clock a little ahead loses nothing. */
  #ask(endMs: number, untilMs: number, signal: AbortSignal): Promise<HistoryRange> {
    const { client, profileId } = this.#options;
    const bucketMs = this.#wantedBucketMs;
    const fromMs = Math.max(0, endMs - this.#spanMs - 2 * bucketMs);
    return client.request('history.range', { profileId, bucketMs, fromMs, toMs: untilMs }, { signal });
  }

  /** Shows the part of another view that lies in this range. */
  #start(seed: SeriesView): void {
    const keepFromMs = this.#toMs - this.#spanMs - 2 * seed.bucketMs;
    const held = seed.buckets.filter(({ startMs }) => startMs >= keepFromMs && startMs < this.#toMs);
    const finer = seed.bucketMs < this.#wantedBucketMs;
    // Buckets that do not fit into those wanted whole cannot be shared out among them.
    if (held.length === 0 || (finer && this.#wantedBucketMs % seed.bucketMs !== 0)) return;
    this.#bucketMs = Math.max(seed.bucketMs, this.#wantedBucketMs);
    for (const bucket of held) foldBucket(this.#buckets, bucket, this.#bucketMs);
    this.#lastAtMs = held.at(-1)?.lastAtMs ?? 0;
  }

  /** Without an answer, live samples go on in buckets as short as wanted, not as long as some seed's. */
  #startOver(): void {
    if (!this.#live || this.#bucketMs === this.#wantedBucketMs) return;
    this.#bucketMs = this.#wantedBucketMs;
    this.#buckets = [];
    this.#lastAtMs = 0;
  }

  #finishLoading(error: unknown): void {
    this.#request = null;
    for (const sample of this.#waiting) if (sample.atMs > this.#lastAtMs) this.#fold(sample);
    this.#waiting = [];
    if (this.#live) this.#advance(Math.max(this.#lastAtMs, this.#options.now()));
    else this.#view = null;
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
      this.#toMs = endOfSecond(sample.atMs);
      this.#lastAtMs = sample.atMs;
    }
    foldSample(this.#buckets, sample, this.#bucketMs);
    this.#lastAtMs = Math.max(this.#lastAtMs, sample.atMs);
  }

  /** Moves the window's end, and lets go of what has left it. */
  #advance(atMs: number): void {
    const endMs = endOfSecond(atMs);
    // A hair back is a late tick; far back is a clock that was set.
    if (endMs > this.#toMs || endMs < this.#toMs - clockStepMs - 1000) this.#toMs = endMs;
    const keepFromMs = this.#toMs - this.#spanMs - 2 * this.#bucketMs;
    while ((this.#buckets[0]?.startMs ?? Number.POSITIVE_INFINITY) < keepFromMs) this.#buckets.shift();
    if (this.#status.pausedAtMs === null) this.#view = null;
  }

  #moveOn(): void {
    if (performance.now() - this.#tickedAt < tickLateMs) return;
    this.#advance(this.#options.now());
    this.#changed();
  }

  #setStatus(change: Partial<PoolSeriesStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tell('whole');
  }

  #changed(): void {
    if (this.#status.pausedAtMs === null) this.#tell('tick');
  }

  #tell(change: SeriesChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** A window moves by whole seconds, however long its buckets are. */
const endOfSecond = (atMs: number) => bucketStartMs(atMs, 1000) + 1000;
