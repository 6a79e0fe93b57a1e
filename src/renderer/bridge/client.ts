import type { Bridge, LinkState } from '#shared/contract/bridge.ts';
import type { ErrorCode, ErrorDetails, ErrorPayload } from '#shared/contract/errors.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import type { RouteAnswer, RouteInput, RouteName } from '#shared/contract/routes.ts';

/** A request that the engine answered with `{ ok: false }`. */
export class RequestError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(payload: ErrorPayload) {
    super(payload.message);
    this.name = 'RequestError';
    this.code = payload.code;
    this.details = payload.details;
  }
}

function bridge(): Bridge {
  if (window.poolscope === undefined) throw new Error('The bridge is not installed.');
  return window.poolscope;
}

/**
 * Asks the engine and resolves with its answer. Rejects with `RequestError`; with the code
 * `cancelled` when `signal` aborts first, in which case the engine is told to stop too.
 */
export async function request<K extends RouteName>(
  route: K,
  input: RouteInput<K>,
  options: { signal?: AbortSignal } = {},
): Promise<RouteAnswer<K>> {
  const { signal } = options;
  if (signal?.aborted) throw new RequestError({ code: 'cancelled', message: 'Cancelled.', details: {} });
  const requestId = crypto.randomUUID();
  const cancel = () => bridge().cancel(requestId);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const envelope = await bridge().request(route, input, requestId);
    if (envelope.ok) return envelope.data;
    throw new RequestError(envelope.error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Listens to an engine event; returns the function that unsubscribes. */
export function on<E extends EventName>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
  return bridge().on(event, listener);
}

/** Hears at once, and then on every change, whether the engine can be reached. Returns unsubscribe. */
export function onLink(listener: (link: LinkState) => void): () => void {
  return bridge().onLink(listener);
}
