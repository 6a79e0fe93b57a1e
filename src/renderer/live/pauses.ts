import type { PoolActivity } from './latest-samples-store.ts';
import { type LiveClient, onReachable } from './sample-feed.ts';

interface Pause {
  atMs: number;
  /** What the figures showed at that moment. */
  activity: PoolActivity | undefined;
}

/**
 * Where each pool's Live tab was paused. A pause outlasts the tab, its window and a lost link; it
 * ends when it is lifted or when the pool closes. Listens to the engine only while it holds one.
 */
export class Pauses {
  readonly #client: LiveClient;
  readonly #activityOf: (profileId: string) => PoolActivity | undefined;
  readonly #pauses = new Map<string, Pause>();
  #stop: (() => void) | null = null;

  constructor(client: LiveClient, activityOf: (profileId: string) => PoolActivity | undefined) {
    this.#client = client;
    this.#activityOf = activityOf;
  }

  /** The moment it was paused at; undefined while it is live. */
  get(profileId: string): number | undefined {
    return this.#pauses.get(profileId)?.atMs;
  }

  /** What the pool did just before it was paused. */
  activityOf(profileId: string): PoolActivity | undefined {
    return this.#pauses.get(profileId)?.activity;
  }

  set(profileId: string, atMs: number): void {
    this.#pauses.set(profileId, { atMs, activity: this.#activityOf(profileId) });
    this.#stop ??= this.#listen();
  }

  delete(profileId: string): void {
    this.#pauses.delete(profileId);
    if (this.#pauses.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #listen(): () => void {
    const stops = [
      this.#client.on('pools.changed', ({ profileId, state }) => {
        if (state === 'closed') this.delete(profileId);
      }),
      onReachable(this.#client, (reachable) => {
        if (reachable) void this.#dropClosed();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Pools may have closed while the link was lost. */
  async #dropClosed(): Promise<void> {
    try {
      for (const { profileId, state } of await this.#client.request('pools.list', {})) {
        if (state === 'closed') this.delete(profileId);
      }
    } catch {
      // The link went again; it is asked anew once it is back.
    }
  }
}
