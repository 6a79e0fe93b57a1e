import type { Clock } from '../base/clock.ts';
import type { MeteredPool } from './metered-pool.ts';

const afterLossMs = 1000;
const longestPauseMs = 60_000;

/**
 * Keeps a pool's minimum open. `pg-pool`'s own `min` only stops it from closing idle connections;
 * it opens none, neither at start nor after the server broke them. So this opens connections that
 * nobody asked for, which come to rest at once, or go to whoever waits.
 *
 * It never retries by itself: one connection that opens, or one health check that passes, says that
 * the server is there, and both call `topUp`. A server that is there but refuses more (its limit is
 * reached) is asked for one connection at a time, after pauses that double up to a minute.
 */
export class MinimumKeeper {
  readonly #pool: MeteredPool;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  /** Attempts that failed in a row, and when the next may be made, by the monotonic clock. */
  #failures = 0;
  #notBeforeMs = 0;

  constructor(pool: MeteredPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Opens what is missing. Failures are counted by the meter and left to the next call. */
  topUp(): void {
    const { openings, settings, totalCount } = this.#pool;
    const { isConfigured, breaker } = openings;
    if (this.#stopped || !isConfigured || breaker.isShut || this.#clock.monotonicMs() < this.#notBeforeMs)
      return;
    const missing = settings.min - totalCount;
    const attempts = this.#failures > 0 ? Math.min(1, missing) : missing;
    for (let i = 0; i < attempts; i += 1) this.#openOne();
  }

  #openOne(): void {
    this.#pool.openings.openOneMore((error) => {
      if (error !== null) return this.#failed();
      this.#failures = 0;
    });
  }

  #failed(): void {
    const nowMs = this.#clock.monotonicMs();
    // Attempts made together fail together: that is one failure.
    if (nowMs < this.#notBeforeMs) return;
    this.#failures += 1;
    this.#notBeforeMs = nowMs + Math.min(longestPauseMs, afterLossMs * 2 ** Math.min(this.#failures, 10));
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
