import type { PoolClient } from 'pg';
import type { HealthReport } from '#shared/model/health.ts';
import { slowRoundTripMs, unknownHealth } from '#shared/model/health.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { toErrorPayload } from '../base/router.ts';

/** What a monitor needs of a pool. */
export interface CheckedPool {
  /** Only one attempt is made for it: a check is there to notice failures, not to get over them. */
  connect(options: { signal: AbortSignal; holder: string; mayRetry: false }): Promise<PoolClient>;
  /** Connections that are open, at rest or handed out. */
  readonly openCount: number;
  /** Whether every connection the pool may have is handed out. */
  readonly isExhausted: boolean;
  /** Until a connection may be tried again while the circuit breaker is open; else 0. */
  readonly nextAttemptInMs: number;
}

/** How a pool is checked. Read anew for each check, so that a change holds from the next one on. */
export interface HealthTerms {
  /** Most connections the pool may have, for the words of a report. */
  capacity: number;
  intervalMs: number;
  timeoutMs: number;
  statement: string;
}

/** Under this label checks hold connections; nobody's use. */
export const healthHolder = 'health';

export interface HealthMonitorOptions {
  pool: CheckedPool;
  terms(): HealthTerms;
  clock: Clock;
  log: Logger;
  onReport(report: HealthReport): void;
}

const failuresToUnhealthy = 3;
const retryMs = 1000;
/** Repeated wrong passwords lock accounts on servers that count them. */
const refusedRetryMs = 30_000;

type Phase = 'waiting' | 'asking';
interface Failure {
  error: unknown;
  busy: boolean;
}

/** Checks one pool on a schedule, through the pool, one check at a time. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  #report = unknownHealth;
  #lastCheck: PoolSample['healthCheck'] = null;
  #running: Promise<HealthReport> | null = null;
  #current: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextAtMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  get report(): HealthReport {
    return this.#report;
  }

  /**
   * Runs a check, or joins the one that runs, and puts the next one on the schedule.
   * Never rejects: what failed is in the report.
   */
  checkNow(): Promise<HealthReport> {
    if (this.#stopped) return Promise.resolve(this.#report);
    this.#running ??= this.#run();
    return this.#running;
  }

  /**
   * Puts the next check no later than that; the one that runs puts its own. An open circuit breaker
   * wants it for its one attempt, so that recovery shows without anyone's request being at stake.
   */
  checkWithin(delayMs: number): void {
    if (this.#stopped || this.#running !== null || delayMs >= this.#nextAtMs - this.#nowMs) return;
    this.#schedule(delayMs);
  }

  /** The terms changed: a check that is due later than the new interval comes sooner. */
  termsChanged(): void {
    this.checkWithin(this.#options.terms().intervalMs);
  }

  /** The check that ended since the last call, if one did. */
  takeCheck(): PoolSample['healthCheck'] {
    const check = this.#lastCheck;
    this.#lastCheck = null;
    return check;
  }

  /** Ends the schedule and the check that runs; that one is not reported. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#current?.abort(new EngineError('cancelled', 'Cancelled.'));
  }

  async #run(): Promise<HealthReport> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const startedMs = this.#options.clock.monotonicMs();
    const failure = await this.#check();
    this.#running = null;
    if (this.#stopped) return this.#report;
    if (failure === null) this.#passed(this.#options.clock.monotonicMs() - startedMs);
    else this.#failed(failure);
    this.#schedule(this.#nextInMs(failure));
    this.#options.onReport(this.#report);
    return this.#report;
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#nextAtMs = this.#nowMs + delayMs;
    this.#timer = setTimeout(() => this.checkNow(), delayMs);
  }

  /** One check. Null when it passed. */
  async #check(): Promise<Failure | null> {
    const { pool } = this.#options;
    const { timeoutMs, statement } = this.#options.terms();
    const current = new AbortController();
    this.#current = current;
    let phase: Phase = 'waiting';
    let busy = false;
    const timer = setTimeout(() => {
      busy = phase === 'waiting' && pool.isExhausted;
      current.abort(this.#timedOut(phase, busy));
    }, timeoutMs);
    try {
      const client = await pool.connect({
        signal: current.signal,
        holder: healthHolder,
        mayRetry: false,
      });
      phase = 'asking';
      await ask(client, statement === '' ? 'SELECT 1' : statement, current.signal);
      return null;
    } catch (error) {
      return { error, busy };
    } finally {
      clearTimeout(timer);
    }
  }

  #timedOut(phase: Phase, busy: boolean): EngineError {
    const { capacity, timeoutMs } = this.#options.terms();
    if (phase === 'asking') {
      return new EngineError(
        'query_timeout',
        `The server did not answer a health check within ${timeoutMs} ms.`,
        {
          remedy: 'Check the load on the server and the network to it.',
        },
      );
    }
    if (busy) {
      const inUse =
        capacity === 1 ? 'its only connection is in use' : `all ${capacity} connections are in use`;
      return new EngineError(
        'wait_timeout',
        `The pool is busy: ${inUse}, and the health check got none within ${timeoutMs} ms.`,
        { remedy: 'Find what holds the connections, or raise the maximum size.' },
      );
    }
    return new EngineError('connect_timeout', `No connection could be opened within ${timeoutMs} ms.`, {
      remedy: 'Check that the server runs and that the network reaches it.',
    });
  }

  #passed(roundTripMs: number): void {
    this.#lastCheck = { roundTripMs };
    this.#report = {
      state: roundTripMs > slowRoundTripMs ? 'degraded' : 'healthy',
      roundTripMs,
      lastCheckedAtMs: this.#options.clock.nowMs(),
      consecutiveFailures: 0,
      lastError: this.#report.lastError,
    };
  }

  #failed({ error, busy }: Failure): void {
    this.#lastCheck = { roundTripMs: null };
    const consecutiveFailures = this.#report.consecutiveFailures + 1;
    // A busy pool says nothing about the server; a pool without a connection has none to lose.
    const isUnhealthy =
      !busy && (consecutiveFailures >= failuresToUnhealthy || this.#options.pool.openCount === 0);
    const atMs = this.#options.clock.nowMs();
    this.#report = {
      state: isUnhealthy ? 'unhealthy' : 'degraded',
      roundTripMs: this.#report.roundTripMs,
      lastCheckedAtMs: atMs,
      consecutiveFailures,
      lastError: { ...toErrorPayload(error, this.#options.log, 'health check'), atMs },
    };
  }

  #nextInMs(failure: Failure | null): number {
    const { intervalMs } = this.#options.terms();
    if (failure === null) return intervalMs;
    const { nextAttemptInMs } = this.#options.pool;
    // A check before that would reach no server.
    if (nextAttemptInMs > 0) return Math.min(intervalMs, nextAttemptInMs);
    const { lastError, consecutiveFailures } = this.#report;
    if (lastError?.code === 'auth_failed') return Math.max(intervalMs, refusedRetryMs);
    // 1 s, 2 s, 4 s… up to the interval: soon noticed when it was a blink, gentle when it was not.
    return Math.min(intervalMs, retryMs * 2 ** Math.min(consecutiveFailures - 1, 20));
  }
}

/** Asks the server for an answer. The client goes back in every case; closed unless it answered. */
async function ask(client: PoolClient, statement: string, signal: AbortSignal): Promise<void> {
  const given = Promise.withResolvers<never>();
  const giveUp = () => given.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([client.query(statement), given.promise]);
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
