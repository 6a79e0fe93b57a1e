import type { PoolClient } from 'pg';
import type { Opening } from './opening.ts';

/** `pg-pool`'s callback: exactly one of error and client is set. */
export type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/** Somebody who asked for a connection and has no answer yet. */
export class PendingRequest {
  /** Monotonic. */
  readonly sinceMs: number;
  readonly callback: ConnectCallback;
  /** A health check waits as requests do and is none: nobody's work is held up. */
  readonly isCheck: boolean;
  /** Who asks. */
  holder: string | null = null;
  /** How long it may wait, from `sinceMs` on. */
  waitTimeoutMs = 0;
  /** Whether a failed attempt to connect is made again for it. */
  mayRetry = true;
  /** The connection that is being opened because of it; it may get another one that is ready sooner. */
  opening: Opening | null = null;
  /** The failure of the newest attempt to connect for it, while another is still to come. */
  lastError: Error | null = null;
  /** Its time is over, and it only waits for its own attempt to be given up. */
  overdue = false;
  /** Answered or given up: whatever the pool still brings is not for them. */
  settled = false;
  older: PendingRequest | null = null;
  newer: PendingRequest | null = null;

  constructor(sinceMs: number, callback: ConnectCallback, isCheck: boolean) {
    this.sinceMs = sinceMs;
    this.callback = callback;
    this.isCheck = isCheck;
  }
}

/**
 * Requests in the order they came. A linked list, because any may leave at any time and every
 * statement passes through here: a Set cost five times as much, one percent of a short statement.
 */
export class PendingRequests {
  #oldest: PendingRequest | null = null;
  #newest: PendingRequest | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): PendingRequest | null {
    return this.#oldest;
  }

  add(request: PendingRequest): void {
    request.older = this.#newest;
    if (this.#newest === null) this.#oldest = request;
    else this.#newest.newer = request;
    this.#newest = request;
    this.#size += 1;
  }

  /** The request must be in the list. */
  remove(request: PendingRequest): void {
    const { older, newer } = request;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    this.#size -= 1;
  }

  /** All of them now, oldest first; the list may change meanwhile. */
  all(): PendingRequest[] {
    const requests: PendingRequest[] = [];
    for (let at = this.#oldest; at !== null; at = at.newer) requests.push(at);
    return requests;
  }
}
