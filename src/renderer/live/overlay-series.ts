import type { Bucket } from '#shared/model/bucket.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import { points, type SeriesChange, type SeriesSource, type SeriesView } from '../charts/series.ts';
import type { LiveClient } from './sample-feed.ts';

interface OverlayOptions {
  profileId: string;
  /** What it is laid behind. */
  base: SeriesSource;
  offsetMs: number;
  client: Pick<LiveClient, 'request'>;
}

interface Held {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  buckets: readonly Bucket[];
}

/** How an overlay stands: `empty` where nothing was recorded in the whole of it. */
export type OverlayState = 'reading' | 'read' | 'empty' | 'failed';

/**
 * The same pool as a base series shows, some time earlier. Where the base moves on, this follows:
 * it asks for somewhat more than shows, and anew when that is used up.
 */
export class OverlaySeries implements SeriesSource {
  readonly #options: OverlayOptions;
  readonly #listeners = new Set<(change: SeriesChange) => void>();
  #held: Held | null = null;
  #request: { controller: AbortController; fromMs: number; toMs: number } | null = null;
  #view: SeriesView | null = null;
  #error: unknown = null;

  constructor(options: OverlayOptions) {
    this.#options = options;
  }

  open(): () => void {
    const stop = this.#options.base.subscribe((change) => {
      // After a lost link, or when told to try again, the base asks anew, and so does this.
      if (change === 'whole') this.#error = null;
      this.#follow();
    });
    this.#follow();
    return () => {
      stop();
      this.#request?.controller.abort();
    };
  }

  subscribe = (listener: (change: SeriesChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get offsetMs(): number {
    return this.#options.offsetMs;
  }

  state = (): OverlayState => {
    if (this.#error !== null) return 'failed';
    if (this.#held === null) return 'reading';
    return this.#held.buckets.length === 0 ? 'empty' : 'read';
  };

  /** In its own time: `offsetMs` earlier than the base. */
  view(): SeriesView {
    const { base, offsetMs } = this.#options;
    const shown = base.view();
    const fromMs = shown.fromMs - offsetMs;
    if (this.#view === null || this.#view.fromMs !== fromMs || this.#view.toMs !== shown.toMs - offsetMs) {
      const { bucketMs, buckets } = this.#held ?? { bucketMs: shown.bucketMs, buckets: [] };
      this.#view = { fromMs, toMs: shown.toMs - offsetMs, bucketMs, buckets };
    }
    return this.#view;
  }

  #follow(): void {
    const { fromMs, toMs } = this.view();
    const held = this.#request ?? this.#held;
    const enough = held !== null && held.fromMs <= fromMs && held.toMs >= toMs;
    if (!enough && this.#error === null) void this.#load(fromMs, toMs);
  }

  async #load(fromMs: number, endMs: number): Promise<void> {
    const { client, profileId, offsetMs } = this.#options;
    this.#request?.controller.abort();
    const controller = new AbortController();
    const bucketMs = bucketStepMs(endMs - fromMs, points);
    const toMs = endMs + Math.min(offsetMs, Math.ceil((endMs - fromMs) / 2));
    const request = { controller, fromMs, toMs };
    this.#request = request;
    try {
      const span = { fromMs: Math.max(0, fromMs - 2 * bucketMs), toMs };
      const range = await client.request(
        'history.range',
        { profileId, bucketMs, ...span },
        { signal: controller.signal },
      );
      if (this.#request !== request) return;
      this.#held = { fromMs, toMs, bucketMs: range.bucketMs, buckets: range.buckets };
    } catch (error) {
      if (this.#request !== request || controller.signal.aborted) return;
      this.#error = error;
    }
    this.#request = null;
    this.#view = null;
    for (const listener of [...this.#listeners]) listener('whole');
  }
}
