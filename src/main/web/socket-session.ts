import type { RawData, WebSocket } from 'ws';
import type { Router } from '#engine/base/router.ts';
import { type ClientMessage, clientMessageSchema, type ServerMessage } from '#shared/contract/wire.ts';

/** More requests than any window has under way; a page in a loop must not pile up work here. */
const maxRequestsUnderWay = 256;
/** Ticks are dropped for a reader this far behind: charts show a gap, memory does not grow. */
const slowReaderBytes = 1024 * 1024;

/** Close codes of RFC 6455. */
const goingAway = 1001;
const policyViolation = 1008;

/** One connected page: a caller of the router, and a listener to every event. */
export class SocketSession {
  readonly callerId: string;
  readonly #socket: WebSocket;
  readonly #router: Router;
  readonly #underWay = new Map<string, AbortController>();
  #answeredPing = true;

  constructor(options: { socket: WebSocket; callerId: string; router: Router; onClosed: () => void }) {
    this.callerId = options.callerId;
    this.#socket = options.socket;
    this.#router = options.router;
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('pong', () => {
      this.#answeredPing = true;
    });
    // Always followed by close; without a listener it would end the process.
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => {
      for (const controller of this.#underWay.values()) controller.abort();
      options.onClosed();
    });
  }

  /** Sends an event, already as text. One that `mayDrop` is left out for a reader that lags. */
  sendEvent(text: string, mayDrop: boolean): void {
    if (mayDrop && this.#socket.bufferedAmount > slowReaderBytes) return;
    this.#send(text);
  }

  /** Cuts a page that did not answer the last ping, and pings the others. */
  checkAlive(): void {
    if (!this.#answeredPing) {
      this.#socket.terminate();
    } else if (this.#socket.readyState === this.#socket.OPEN) {
      this.#answeredPing = false;
      this.#socket.ping();
    }
  }

  /** Says goodbye; a page that does not answer is cut by `terminate`. */
  close(): void {
    this.#socket.close(goingAway, 'Poolscope is quitting.');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : parse(String(data));
    if (message?.kind === 'cancel') {
      this.#underWay.get(message.requestId)?.abort();
      return;
    }
    const reason = this.#reasonToRefuse(message);
    if (message === null || reason !== null) this.#socket.close(policyViolation, reason ?? '');
    else void this.#answer(message.requestId, message.route, message.input);
  }

  #reasonToRefuse(message: ClientMessage | null): string | null {
    if (message === null) return 'The message is not one of the Poolscope contract.';
    if (this.#underWay.has(message.requestId)) return 'A request of that id is under way.';
    return this.#underWay.size < maxRequestsUnderWay ? null : 'Too many requests are under way.';
  }

  async #answer(requestId: string, route: string, input: unknown): Promise<void> {
    const controller = new AbortController();
    this.#underWay.set(requestId, controller);
    const context = { callerId: this.callerId, signal: controller.signal };
    const envelope = await this.#router.dispatch(route, input, context);
    this.#underWay.delete(requestId);
    this.#send(JSON.stringify({ kind: 'answer', requestId, envelope } satisfies ServerMessage));
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }
}

function parse(text: string): ClientMessage | null {
  try {
    const parsed = clientMessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
