import type { Bridge, LinkState } from '#shared/contract/bridge.ts';
import type { Envelope, ErrorCode } from '#shared/contract/errors.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import { type RouteAnswer, type RouteInput, type RouteName, routes } from '#shared/contract/routes.ts';
import { type ClientMessage, type ServerMessage, serverMessageSchema } from '#shared/contract/wire.ts';

const firstRetryMs = 250;
const longestRetryMs = 5000;

/** A connection under way, as far as the bridge cares. */
interface Connection {
  send(text: string): void;
  close(): void;
}

interface ConnectionListener {
  onOpen(): void;
  onMessage(data: unknown): void;
  /** Comes once, also when the connection never opened. */
  onClose(): void;
}

/** Starts to connect. The listener hears nothing before this returns. */
export type Connect = (listener: ConnectionListener) => Connection;

/** Asks, after a connection that never opened, whether the other side is there but does not admit us. */
export type IsRefused = () => Promise<boolean>;

/** The bridge over a socket, and the way to end it. */
export interface SocketBridge extends Bridge {
  close(): void;
}

type AnyEnvelope = Envelope<unknown>;
type AnyListener = (payload: EngineEvents[EventName]) => void;

const failure = (code: ErrorCode, message: string, remedy?: string): AnyEnvelope => ({
  ok: false,
  error: { code, message, details: remedy === undefined ? {} : { remedy } },
});

/** @param doubt what to know of a request that had been sent, and may have taken effect */
const linkLost = (doubt?: string) =>
  failure(
    'connection_lost',
    ['The connection to Poolscope is lost.', doubt].filter(Boolean).join(' '),
    'It comes back by itself when Poolscope runs. If you started it anew, open the address it printed.',
  );

const linkRefused = () =>
  failure('connection_lost', 'Poolscope was started anew.', 'Open the address it printed.');

/** Connects at once, and again whenever the link is lost, until `close`. */
export function createSocketBridge(connect: Connect, isRefused: IsRefused = async () => false): SocketBridge {
  let link: LinkState = 'connecting';
  let connection: Connection | null = null;
  let closed = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let failedAttempts = 0;
  /** The present connection stood once. */
  let hasOpened = false;
  const linkListeners = new Set<(link: LinkState) => void>();
  const eventListeners = new Map<string, Set<AnyListener>>();
  /** Requests without an answer, by id. */
  const pending = new Map<string, { route: RouteName; resolve(envelope: AnyEnvelope): void }>();
  /** Requests made before the first connection stood, by id, in order. */
  const unsent = new Map<string, ClientMessage>();

  const setLink = (next: LinkState) => {
    if (link === next) return;
    link = next;
    for (const listener of [...linkListeners]) guarded(() => listener(next));
  };

  const send = (message: ClientMessage) => connection?.send(JSON.stringify(message));

  const settle = (requestId: string, envelope: AnyEnvelope) => {
    pending.get(requestId)?.resolve(envelope);
    pending.delete(requestId);
    unsent.delete(requestId);
  };

  const receive = (data: unknown) => {
    const message = parse(data);
    if (message === null) {
      // Waiting on would leave a request without an answer; a new connection starts clean.
      drop();
    } else if (message.kind === 'answer') {
      settle(message.requestId, message.envelope as AnyEnvelope);
    } else {
      const payload = message.payload as EngineEvents[EventName];
      for (const listener of [...(eventListeners.get(message.event) ?? [])]) guarded(() => listener(payload));
    }
  };

  const loseAll = () => {
    for (const [requestId, { route }] of [...pending])
      settle(requestId, linkLost(unsent.has(requestId) ? undefined : routes[route].afterCancel));
  };

  /** Why a connection never opened: nobody there, or nobody who admits us. */
  const askWhy = async () => {
    const refused = await isRefused().catch(() => false);
    if (!closed && link !== 'connected') setLink(refused ? 'refused' : 'lost');
  };

  const drop = () => {
    const dropped = connection;
    connection = null;
    dropped?.close();
    loseAll();
    // Once refused, it stays so until the answer to this attempt says otherwise: no flicker.
    if (link !== 'refused') setLink('lost');
    if (!hasOpened) void askWhy();
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failedAttempts);
    failedAttempts += 1;
    clearTimeout(retryTimer);
    // Up to a quarter more, so that many windows do not come back in step.
    retryTimer = setTimeout(open, delayMs * (1 + Math.random() / 4));
  };

  const open = () => {
    hasOpened = false;
    const opened = connect({
      onOpen() {
        if (connection !== opened) return;
        failedAttempts = 0;
        hasOpened = true;
        for (const message of unsent.values()) send(message);
        unsent.clear();
        setLink('connected');
      },
      onMessage(data) {
        if (connection === opened) receive(data);
      },
      onClose() {
        if (connection === opened) drop();
      },
    });
    connection = opened;
  };

  const bridge = {
    shell: 'web',

    request<K extends RouteName>(route: K, input: RouteInput<K>, requestId: string) {
      return new Promise<Envelope<RouteAnswer<K>>>((resolve) => {
        if (link === 'lost' || link === 'refused') {
          return resolve((link === 'lost' ? linkLost() : linkRefused()) as Envelope<RouteAnswer<K>>);
        }
        pending.set(requestId, { route, resolve: resolve as (envelope: AnyEnvelope) => void });
        const message: ClientMessage = { kind: 'request', requestId, route, input };
        if (link === 'connected') send(message);
        else unsent.set(requestId, message);
      });
    },

    cancel(requestId: string) {
      if (unsent.has(requestId)) settle(requestId, failure('cancelled', 'Cancelled.'));
      else if (pending.has(requestId)) send({ kind: 'cancel', requestId });
    },

    on<E extends EventName>(event: E, listener: (payload: EngineEvents[E]) => void) {
      const listeners = eventListeners.get(event) ?? new Set();
      eventListeners.set(event, listeners);
      // Wrapped, so that the same function subscribed twice is heard twice and removed once.
      const entry: AnyListener = (payload) => listener(payload as EngineEvents[E]);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },

    onLink(listener: (link: LinkState) => void) {
      const entry = (next: LinkState) => listener(next);
      linkListeners.add(entry);
      listener(link);
      return () => void linkListeners.delete(entry);
    },

    close() {
      closed = true;
      const closing = connection;
      connection = null;
      clearTimeout(retryTimer);
      closing?.close();
      loseAll();
      setLink('lost');
    },
  } satisfies SocketBridge;

  open();
  return bridge;
}

/** One listener that fails must not keep the others from hearing; the error still surfaces. */
function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

function parse(data: unknown): ServerMessage | null {
  try {
    const parsed = serverMessageSchema.safeParse(JSON.parse(String(data)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
