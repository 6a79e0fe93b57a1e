import type { LinkState } from '#shared/contract/bridge.ts';
import type { EngineEvents } from '#shared/contract/events.ts';
import * as client from '../bridge/client.ts';
import { setEngineClock } from '../data/engine-clock.ts';

export type Tick = EngineEvents['samples.tick'];

/** The part of the bridge's client that live data needs. */
export type LiveClient = Pick<typeof client, 'request' | 'on' | 'onLink'>;

/**
 * The one subscription to `samples.tick`, shared by everything live. It is held while anyone
 * listens. Each tick also sets the page's idea of the engine's clock, which in the web shell may
 * be another machine's.
 */
export class SampleFeed {
  readonly #client: Pick<LiveClient, 'on'>;
  readonly #listeners = new Set<(tick: Tick) => void>();
  #unsubscribe: (() => void) | null = null;

  constructor(source: Pick<LiveClient, 'on'>) {
    this.#client = source;
  }

  onTick(listener: (tick: Tick) => void): () => void {
    this.#listeners.add(listener);
    this.#unsubscribe ??= this.#client.on('samples.tick', this.#hear);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = null;
    };
  }

  readonly #hear = (tick: Tick): void => {
    setEngineClock(tick.atMs);
    for (const listener of [...this.#listeners]) listener(tick);
  };
}

/** The page's own feed and bridge client. */
export const sampleFeed = new SampleFeed(client);
export const liveClient: LiveClient = client;

/** Calls back when the link comes (back) or goes; not for every step on the way. */
export function onReachable(
  source: Pick<LiveClient, 'onLink'>,
  listener: (reachable: boolean) => void,
): () => void {
  let before: boolean | null = null;
  return source.onLink((link: LinkState) => {
    const reachable = link === 'connected';
    if (reachable === before) return;
    before = reachable;
    listener(reachable);
  });
}
