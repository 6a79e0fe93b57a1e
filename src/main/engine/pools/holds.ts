import type { HeldConnection } from '#shared/contract/pool-control.ts';
import type { Clock } from '../base/clock.ts';
import type { EventLog } from './event-log.ts';
import type { MeteredClient } from './metered-client.ts';
import type { MeteredPool } from './metered-pool.ts';

/** Who has connections in their hands, and who has had one for suspiciously long. */
export class Holds {
  readonly #pool: MeteredPool;
  readonly #clock: Clock;
  readonly #log: EventLog;

  constructor(pool: MeteredPool, clock: Clock, log: EventLog) {
    this.#pool = pool;
    this.#clock = clock;
    this.#log = log;
  }

  /** How long the connection that is held for longest is; 0 when none is. */
  get longestMs(): number {
    const nowMs = this.#clock.monotonicMs();
    let longestMs = 0;
    for (const { heldSinceMs } of this.#held()) longestMs = Math.max(longestMs, nowMs - heldSinceMs);
    return longestMs;
  }

  /** Longest first. */
  list(): HeldConnection[] {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#held()]
      .map((client) => ({
        connectionId: client.connectionId,
        processId: client.processId,
        holder: client.holder ?? 'unnamed',
        heldForMs: nowMs - client.heldSinceMs,
        suspected: this.#isTooLong(nowMs - client.heldSinceMs),
        inTransaction: client.isInTransaction,
      }))
      .sort((a, b) => b.heldForMs - a.heldForMs);
  }

  /** Reports each hold that became too long, once. */
  lookForLeaks(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const client of this.#held()) {
      const heldForMs = nowMs - client.heldSinceMs;
      if (client.suspected || !this.#isTooLong(heldForMs)) continue;
      client.suspected = true;
      this.#pool.meter.count('leaksSuspected');
      this.#log.write('leak', client, heldForMs);
    }
  }

  *#held(): Generator<MeteredClient> {
    for (const client of this.#pool.clients) if (client.heldSinceMs >= 0) yield client;
  }

  #isTooLong(heldForMs: number): boolean {
    const { leakThresholdMs } = this.#pool.settings;
    return leakThresholdMs > 0 && heldForMs > leakThresholdMs;
  }
}
