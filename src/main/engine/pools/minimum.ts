import type { MeteredPool } from './metered-pool.ts';

/** Why not `connect` and `release`: with a connection at rest, `connect` takes that one. */
interface Grower {
  newClient(pending: {
    callback: (error: Error | undefined, client: unknown, release: () => void) => void;
  }): void;
}

const afterLossMs = 1000;

/**
 * Keeps a pool's minimum open. `pg-pool`'s own `min` only stops it from closing idle connections;
 * it opens none, neither at start nor after the server broke them. So this calls the method by
 * which `pg-pool` itself grows (`newClient`, undocumented; the tests beside this file fail if it
 * goes) with a requester that hands the connection straight to the pool.
 *
 * It never retries by itself: one connection that opens, or one health check that passes, says that
 * the server is there, and both call `topUp`. So a server that is down or full is not hammered.
 */
export class MinimumKeeper {
  readonly #pool: MeteredPool;
  readonly #min: number;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(pool: MeteredPool, min: number) {
    this.#pool = pool;
    this.#min = min;
  }

  /** Opens what is missing. Failures are counted by the meter and left to the next call. */
  topUp(): void {
    if (this.#stopped || !this.#pool.isConfigured) return;
    const pool = this.#pool as unknown as Grower;
    for (let missing = this.#min - this.#pool.totalCount; missing > 0; missing -= 1) {
      pool.newClient({ callback: (error, _client, release) => error || release() });
    }
  }

  /** A connection went. Waits a moment, so that one that dies at once is not replaced in a loop. */
  connectionClosed(): void {
    if (this.#stopped || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.topUp();
    }, afterLossMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
