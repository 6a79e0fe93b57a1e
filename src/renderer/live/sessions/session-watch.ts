import type { SessionsSample, WatchStatus } from '#shared/contract/sessions.ts';
import { nextSessionList, type SessionList } from '#shared/model/sessions/session-list.ts';
import { RequestError } from '../../bridge/client.ts';
import { type LiveClient, onReachable } from '../sample-feed.ts';
import type { Visibility } from '../visibility.ts';

export interface SessionWatchState {
  /** Null until the engine has answered. */
  status: WatchStatus | null;
  /** The newest sample with all its sessions; kept while the server cannot be sampled. */
  list: SessionList | null;
  /** Why the engine does not watch. */
  error: unknown;
}

interface Options {
  profileId: string;
  client: LiveClient;
  visibility: Visibility;
  /** Before asking again what was refused. */
  retryMs?: number;
}

/**
 * Looks at one server's sessions: holds the engine's watch open while anyone can see the page, and
 * keeps the list of sessions in step with the samples that come.
 */
export class SessionWatch {
  readonly #options: Required<Options>;
  readonly #listeners = new Set<() => void>();
  #state: SessionWatchState = { status: null, list: null, error: null };
  #reachable = false;
  /** Held while someone looks. */
  #hold: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #syncing: AbortController | null = null;

  constructor(options: Options) {
    this.#options = { retryMs: 3000, ...options };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionWatchState => this.#state;

  /** Starts looking; returns the function that ends it. */
  open(): () => void {
    const { client, visibility, profileId } = this.#options;
    const stops = [
      client.on('sessions.status', (status) => {
        if (status.profileIds.includes(profileId)) this.#set({ status });
      }),
      client.on('sessions.sample', (sample) => this.#hear(sample)),
      visibility.onChange(() => this.#holdOrLetGo()),
      onReachable(client, (reachable) => {
        this.#reachable = reachable;
        this.#holdOrLetGo();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#reachable = false;
      this.#holdOrLetGo();
      this.#syncing?.abort();
    };
  }

  #holdOrLetGo(): void {
    const wanted = this.#reachable && !this.#options.visibility.hidden();
    if (wanted === (this.#hold !== null)) return;
    if (wanted) {
      void this.#watch();
      void this.#sync();
      return;
    }
    clearTimeout(this.#retry);
    this.#hold?.abort();
    this.#hold = null;
  }

  /** The request stands as long as someone looks; it is made anew when the engine ends it. */
  async #watch(): Promise<void> {
    const { client, profileId, retryMs } = this.#options;
    const hold = new AbortController();
    this.#hold = hold;
    try {
      this.#set({ error: null });
      await client.request('sessions.watch', { profileId }, { signal: hold.signal });
    } catch (error) {
      if (hold.signal.aborted || this.#hold !== hold) return;
      this.#set({ error });
    }
    if (hold.signal.aborted || this.#hold !== hold) return;
    this.#retry = setTimeout(() => {
      if (this.#hold !== hold) return;
      void this.#watch();
      void this.#sync();
    }, retryMs);
  }

  #hear(sample: SessionsSample): void {
    if (this.#state.status?.serverId !== sample.serverId) return;
    const list = nextSessionList(this.#state.list, sample);
    if (list === null) void this.#sync();
    else if (list !== this.#state.list) this.#set({ list });
  }

  /** Reads how it stands, and the last sample whole. */
  async #sync(): Promise<void> {
    if (this.#syncing !== null) return;
    const { client, profileId } = this.#options;
    const syncing = new AbortController();
    this.#syncing = syncing;
    const { signal } = syncing;
    try {
      const status = await client.request('sessions.status', { profileId }, { signal });
      this.#set({ status });
      const sample = await client.request('sessions.snapshot', { profileId }, { signal });
      const list = sample === null ? null : nextSessionList(null, sample);
      const before = this.#state.list;
      const newer = list !== null && (before === null || isAfter(list.sample, before.sample));
      if (newer) this.#set({ list });
    } catch (error) {
      const isOver = signal.aborted || (error instanceof RequestError && error.code === 'connection_lost');
      if (!isOver) this.#set({ error });
    } finally {
      this.#syncing = null;
    }
  }

  #set(change: Partial<SessionWatchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const isAfter = (a: SessionsSample, b: SessionsSample) =>
  a.serverId !== b.serverId || a.sequence > b.sequence || a.atMs > b.atMs;
