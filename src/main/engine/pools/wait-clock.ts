import type { Clock } from '../base/clock.ts';
import type { PendingRequest } from './pending-requests.ts';

const dueOf = ({ sinceMs, waitTimeoutMs }: PendingRequest): number => sinceMs + waitTimeoutMs;

/** Tells when the time of a request that waits is over. One timer for all that wait. */
export class WaitClock {
  readonly #clock: Clock;
  readonly #waiting: () => PendingRequest[];
  readonly #onTimeUp: (request: PendingRequest) => void;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, waiting: () => PendingRequest[], onTimeUp: (request: PendingRequest) => void) {
    this.#clock = clock;
    this.#waiting = waiting;
    this.#onTimeUp = onTimeUp;
  }

  watch(request: PendingRequest): void {
    const dueMs = dueOf(request);
    if (dueMs < this.#dueMs) this.#wakeAt(dueMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  #wakeAt(dueMs: number): void {
    this.stop();
    this.#dueMs = dueMs;
    // As `pg-pool`'s own: what keeps a program alive is a connection, not somebody who waits for one.
    this.#timer = setTimeout(() => this.#look(), Math.max(0, dueMs - this.#clock.monotonicMs())).unref();
  }

  #look(): void {
    this.stop();
    const nowMs = this.#clock.monotonicMs();
    for (const request of this.#waiting()) {
      if (request.settled || request.overdue) continue;
      if (dueOf(request) <= nowMs) this.#onTimeUp(request);
      else this.watch(request);
    }
  }
}
