import type { Envelope } from './errors.ts';
import type { EngineEvents, EventName } from './events.ts';
import type { RouteAnswer, RouteInput, RouteName } from './routes.ts';

export type Shell = 'electron' | 'web';

/**
 * `window.poolscope`, the same in both shells. Plain values and functions only: an AbortSignal
 * does not survive Electron's context bridge, so a caller names its request and cancels by name
 * (the renderer's client offers `{ signal }` on top of this).
 */
export interface Bridge {
  shell: Shell;
  /** Never rejects: failures come back as `{ ok: false, error }`. */
  request<K extends RouteName>(
    route: K,
    input: RouteInput<K>,
    requestId: string,
  ): Promise<Envelope<RouteAnswer<K>>>;
  /** Aborts a request under way; it then answers `cancelled`. Unknown ids are ignored. */
  cancel(requestId: string): void;
  /** Returns the function that unsubscribes. */
  on<E extends EventName>(event: E, listener: (payload: EngineEvents[E]) => void): () => void;
  /** Tells whether the engine can be reached; the first call comes at once. Returns unsubscribe. */
  onLink(listener: (link: LinkState) => void): () => void;
}

/**
 * `lost`: the engine went away (web shell stopped, laptop slept); the bridge keeps trying.
 * `refused`: something answers there but no longer admits this page (web shell started anew); the
 * bridge keeps trying, for the page is admitted again once the new address was opened beside it.
 */
export type LinkState = 'connected' | 'connecting' | 'lost' | 'refused';
