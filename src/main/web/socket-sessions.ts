import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { EventBus } from '#engine/base/event-bus.ts';
import type { Router } from '#engine/base/router.ts';
import type { EventName } from '#shared/contract/events.ts';
import { SocketSession } from './socket-session.ts';

const heartbeatMs = 15_000;
const goodbyeMs = 250;

/** What the next one of its kind makes up for, or the page asks for again. */
const mayDrop = new Set<EventName>([
  'samples.tick',
  'sessions.sample',
  'sessions.point',
  'pgbouncer.tick',
  'machine.sample',
]);

/** Every page that is connected: spreads the engine's events and drops pages that went silent. */
export class SocketSessions {
  readonly #sessions = new Set<SocketSession>();
  readonly #router: Router;
  readonly #onGone: (callerId: string) => void;
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: { router: Router; events: EventBus; onGone: (callerId: string) => void }) {
    this.#router = options.router;
    this.#onGone = options.onGone;
    this.#unsubscribe = options.events.onAny((event, payload) => {
      if (this.#sessions.size === 0) return;
      const text = JSON.stringify({ kind: 'event', event, payload });
      for (const session of this.#sessions) session.sendEvent(text, mayDrop.has(event));
    });
    this.#heartbeat = setInterval(() => {
      for (const session of this.#sessions) session.checkAlive();
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  accept(socket: WebSocket): void {
    const session = new SocketSession({
      socket,
      callerId: randomUUID(),
      router: this.#router,
      onClosed: () => {
        this.#sessions.delete(session);
        this.#router.callerGone(session.callerId);
        this.#onGone(session.callerId);
      },
    });
    this.#sessions.add(session);
  }

  /** Tells every page that Poolscope quits, and cuts those that do not take leave in time. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const session of this.#sessions) session.close();
    const deadline = performance.now() + goodbyeMs;
    while (this.#sessions.size > 0 && performance.now() < deadline) await sleep(10);
    for (const session of this.#sessions) session.terminate();
  }
}
