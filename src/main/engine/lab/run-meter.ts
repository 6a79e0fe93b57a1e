import { HistogramRecorder, meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { LabResult } from '#shared/model/lab.ts';

type Measured = Pick<
  LabResult,
  | 'requests'
  | 'timeouts'
  | 'unserved'
  | 'utilization'
  | 'meanHoldMs'
  | 'meanWaitMs'
  | 'waitP95Ms'
  | 'lateP95Ms'
>;

/** A request as the meter follows it. */
export interface Followed {
  readonly dueMs: number;
  readonly isMeasured: boolean;
}

/**
 * Counts requests that are due from `fromMs` on, by the monotonic clock. A wait begins when a request is due, not
 * when it is sent: a machine or a queue that is late does not shorten it (no coordinated omission).
 */
export class RunMeter {
  readonly #waits = new HistogramRecorder();
  readonly #lates = new HistogramRecorder();
  readonly #holds = new HistogramRecorder();
  readonly #waiting = new Set<Followed>();
  readonly #heldSinceMs = new Map<Followed, number>();
  readonly #fromMs: number;
  /** Mean of all holds that ended, before `fromMs` too. */
  #holdCount = 0;
  #holdSumMs = 0;
  #busyMs = 0;
  #timeouts = 0;
  #untilMs = Number.POSITIVE_INFINITY;
  requests = 0;

  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  /** Requests that wait for a connection now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Measured ones among them. */
  get unserved(): number {
    return [...this.#waiting].filter(({ isMeasured }) => isMeasured).length;
  }

  /** Mean hold so far; null before enough came back. */
  get holdSoFarMs(): number | null {
    return this.#holdCount < 20 ? null : this.#holdSumMs / this.#holdCount;
  }

  asked(dueMs: number, nowMs: number): Followed {
    const request = { dueMs, isMeasured: dueMs >= this.#fromMs && dueMs < this.#untilMs };
    this.#waiting.add(request);
    if (request.isMeasured) {
      this.requests += 1;
      this.#lates.record(nowMs - dueMs);
    }
    return request;
  }

  served(request: Followed, nowMs: number): void {
    this.#answered(request, nowMs);
    this.#heldSinceMs.set(request, nowMs);
  }

  gaveUp(request: Followed, nowMs: number): void {
    this.#answered(request, nowMs);
    if (request.isMeasured) this.#timeouts += 1;
  }

  released(request: Followed, nowMs: number): void {
    const sinceMs = this.#heldSinceMs.get(request);
    if (sinceMs === undefined) return;
    this.#heldSinceMs.delete(request);
    this.#busyMs += this.#within(sinceMs, nowMs);
    this.#holdCount += 1;
    this.#holdSumMs += nowMs - sinceMs;
    if (request.isMeasured) this.#holds.record(nowMs - sinceMs);
  }

  /** From here on nothing is measured that is not asked already. */
  closeAt(nowMs: number): void {
    this.#untilMs = nowMs;
  }

  /** Those who wait still count with their wait so far. */
  result(size: number, nowMs: number): Measured {
    const unserved = this.unserved;
    for (const request of this.#waiting) this.#answered(request, nowMs);
    const lastedMs = Math.max(1, Math.min(nowMs, this.#untilMs) - this.#fromMs);
    const held = [...this.#heldSinceMs.values()].reduce(
      (sum, sinceMs) => sum + this.#within(sinceMs, nowMs),
      0,
    );
    const waits = this.#waits.take();
    return {
      ...{ requests: this.requests, timeouts: this.#timeouts, unserved },
      utilization: Math.min(1, (this.#busyMs + held) / (size * lastedMs)),
      meanHoldMs: meanMs(this.#holds.take()),
      meanWaitMs: meanMs(waits),
      waitP95Ms: percentileMs(waits, 0.95),
      lateP95Ms: percentileMs(this.#lates.take(), 0.95) ?? 0,
    };
  }

  #answered(request: Followed, nowMs: number): void {
    this.#waiting.delete(request);
    if (request.isMeasured) this.#waits.record(nowMs - request.dueMs);
  }

  #within(sinceMs: number, untilMs: number): number {
    return Math.max(0, Math.min(untilMs, this.#untilMs) - Math.max(sinceMs, this.#fromMs));
  }
}
