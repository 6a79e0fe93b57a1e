import type { PoolDetails } from '#shared/contract/pool-control.ts';
import { HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../base/clock.ts';
import { type ConnectCallback, PendingRequest, PendingRequests } from './pending-requests.ts';

/** What the meter alone knows of a sample; the pool adds its name, sizes and idle connections. */
export type MeterReading = Omit<
  PoolSample,
  'profileId' | 'atMs' | 'idle' | 'connecting' | 'min' | 'max' | 'healthCheck'
>;

type Totals = PoolDetails['totals'];

const zeroCounters = () => ({
  acquired: 0,
  released: 0,
  opened: 0,
  closed: 0,
  waitTimeouts: 0,
  connectTimeouts: 0,
  connectFailures: 0,
  connectionErrors: 0,
});

/** Counts what happens in one pool. Knows nothing of `pg`; every call is one fact. */
export class PoolMeter {
  readonly #clock: Clock;
  readonly #pending = new PendingRequests();
  readonly #waitMs = new HistogramRecorder();
  readonly #holdMs = new HistogramRecorder();
  readonly #connectMs = new HistogramRecorder();
  #counters = zeroCounters();
  readonly #totals: Totals = {
    ...{ opened: 0, closed: 0, retries: 0 },
    ...{ releasedInTransaction: 0, checksFailed: 0, leaksSuspected: 0 },
  };
  /** Health checks among those that wait. */
  #checksWaiting = 0;
  #used = 0;
  #connecting = 0;
  #usedPeak = 0;
  #pendingPeak = 0;
  #takenAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#takenAtMs = clock.monotonicMs();
  }

  /** Since the pool opened. */
  get totals(): Totals {
    return { ...this.#totals };
  }

  count(what: Exclude<keyof Totals, 'opened' | 'closed'>): void {
    this.#totals[what] += 1;
  }

  get used(): number {
    return this.#used;
  }

  get connecting(): number {
    return this.#connecting;
  }

  /** How many wait, and who has waited for longest; health checks too. */
  get waiting(): number {
    return this.#pending.size;
  }

  get oldest(): PendingRequest | null {
    return this.#pending.oldest;
  }

  /** The one that has waited for longest of those for which no connection is being opened. */
  get oldestWithoutOpening(): PendingRequest | null {
    let request = this.#pending.oldest;
    while (request !== null && request.opening !== null) request = request.newer;
    return request;
  }

  sinceMs(startedMs: number): number {
    return this.#clock.monotonicMs() - startedMs;
  }

  /** Those that wait, oldest first. */
  get requests(): PendingRequest[] {
    return this.#pending.all();
  }

  requestStarted(callback: ConnectCallback, isCheck: boolean): PendingRequest {
    const request = new PendingRequest(this.#clock.monotonicMs(), callback, isCheck);
    this.#pending.add(request);
    if (isCheck) this.#checksWaiting += 1;
    return request;
  }

  /**
   * To be called when a request has joined the pool's queue. Those that an idle connection will
   * serve before anything else happens do not wait: without this, every request would be a peak.
   */
  requestQueued(servedAtOnce: number): void {
    const waiting = this.#requestsWaiting(servedAtOnce);
    if (waiting > this.#pendingPeak) this.#pendingPeak = waiting;
  }

  /** Hands over. Answers the moment, for `released`. */
  requestServed(request: PendingRequest): number {
    const nowMs = this.#clock.monotonicMs();
    this.#settle(request);
    this.#waitMs.record(nowMs - request.sinceMs);
    this.#counters.acquired += 1;
    this.#used += 1;
    if (this.#used > this.#usedPeak) this.#usedPeak = this.#used;
    return nowMs;
  }

  requestTimedOut(request: PendingRequest): void {
    this.#settle(request);
    this.#counters.waitTimeouts += 1;
  }

  /** The request ends for a reason counted elsewhere (a failed connect), or its owner went away. */
  requestDropped(request: PendingRequest): void {
    this.#settle(request);
  }

  /** Takes back. Answers the moment. */
  released(heldSinceMs: number): number {
    const nowMs = this.#clock.monotonicMs();
    this.#holdMs.record(nowMs - heldSinceMs);
    this.#counters.released += 1;
    this.#used -= 1;
    return nowMs;
  }

  connectStarted(): number {
    this.#connecting += 1;
    return this.#clock.monotonicMs();
  }

  /** Answers the moment. */
  connectSucceeded(startedMs: number): number {
    const nowMs = this.#clock.monotonicMs();
    this.#connecting -= 1;
    this.#counters.opened += 1;
    this.#totals.opened += 1;
    this.#connectMs.record(nowMs - startedMs);
    return nowMs;
  }

  connectFailed(timedOut: boolean): void {
    this.#connecting -= 1;
    this.neverConnected(timedOut);
  }

  /** An attempt that failed before a socket was opened: TLS not agreed, password not readable. */
  neverConnected(timedOut: boolean): void {
    if (timedOut) this.#counters.connectTimeouts += 1;
    else this.#counters.connectFailures += 1;
  }

  /** An attempt that its requester broke off for a reason of their own, which says nothing of the server. */
  connectGivenUp(): void {
    this.#connecting -= 1;
  }

  connectionClosed(): void {
    this.#counters.closed += 1;
    this.#totals.closed += 1;
  }

  connectionBroke(): void {
    this.#counters.connectionErrors += 1;
  }

  /** The interval since the last reading, which ends now. `servedAtOnce` as in `requestQueued`. */
  take(servedAtOnce: number): MeterReading {
    const nowMs = this.#clock.monotonicMs();
    const pending = this.#requestsWaiting(servedAtOnce);
    const oldest = this.#oldestRequest;
    // To a tenth of a millisecond: finer digits are the timer's noise, which would take up room on disk.
    const intervalMs = Math.round((nowMs - this.#takenAtMs) * 10) / 10;
    const reading: MeterReading = {
      intervalMs,
      used: this.#used,
      pending,
      usedPeak: this.#usedPeak,
      pendingPeak: Math.max(pending, this.#pendingPeak),
      longestPendingMs: pending === 0 || oldest === null ? 0 : nowMs - oldest.sinceMs,
      ...this.#counters,
      waitMs: this.#waitMs.take(),
      holdMs: this.#holdMs.take(),
      connectMs: this.#connectMs.take(),
    };
    // What was rounded off belongs to the next interval.
    this.#takenAtMs += intervalMs;
    this.#counters = zeroCounters();
    this.#usedPeak = this.#used;
    this.#pendingPeak = pending;
    return reading;
  }

  /** Health checks are taken for those served at once, so that no request goes uncounted. */
  #requestsWaiting(servedAtOnce: number): number {
    return Math.max(0, this.#pending.size - Math.max(servedAtOnce, this.#checksWaiting));
  }

  get #oldestRequest(): PendingRequest | null {
    let request = this.#pending.oldest;
    while (request?.isCheck) request = request.newer;
    return request;
  }

  #settle(request: PendingRequest): void {
    request.settled = true;
    this.#pending.remove(request);
    if (request.isCheck) this.#checksWaiting -= 1;
  }
}
