import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { healthHolder } from '#engine/health/index.ts';
import type {
  BreakerStatus,
  HeldConnection,
  IdleCheckResult,
  PoolDetails,
  TlsStatus,
} from '#shared/contract/pool-control.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { cancelStatement } from './cancel-request.ts';
import type { EventLog } from './event-log.ts';
import { Holds } from './holds.ts';
import type { MeteredClient } from './metered-client.ts';
import { type ConnectionConfig, MeteredPool } from './metered-pool.ts';
import { MinimumKeeper } from './minimum.ts';
import type { PendingRequest } from './pending-requests.ts';
import { PoolMeter } from './pool-meter.ts';
import { type PoolSettings, sizeChange } from './pool-settings.ts';
import { keepsSession } from './session-errors.ts';
import { tlsStatusOf } from './tls-status.ts';

export interface InstrumentedPoolOptions {
  profileId: string;
  settings: PoolSettings;
  connectionConfig(signal: AbortSignal): Promise<ConnectionConfig>;
  clock: Clock;
  /** Where what happens to the pool is written; it may outlive the pool. */
  log: EventLog;
  /** The breaker opened: when the next attempt may be made. */
  onShut?(nextAttemptInMs: number): void;
}

/** How a connection is asked for. */
export interface ConnectOptions {
  signal?: AbortSignal;
  /** Who asks, in a word or two: what the event log and the list of held connections show. */
  holder?: string;
  /** Whether connection errors are met with further attempts; they are unless told. */
  mayRetry?: boolean;
}

/** How long a server may take to take in a request to stop a statement. */
const cancelDeadlineMs = 1000;
const cancelAgainMs = 50;
/** How many connections at rest are checked at a time, and no more than half of them: requests that come meanwhile find the others. */
const mostCheckedAtOnce = 10;
/** How often a pool that drains looks whether everything came back. */
const drainLookMs = 20;

/** A pool whose every number is true: see `PoolSample` for what they mean. */
export class InstrumentedPool {
  readonly profileId: string;
  readonly #clock: Clock;
  readonly #log: EventLog;
  readonly #pool: MeteredPool;
  readonly #keeper: MinimumKeeper;
  readonly #holds: Holds;
  #draining = false;
  #ending: Promise<void> | null = null;

  constructor({ profileId, settings, connectionConfig, clock, log, onShut }: InstrumentedPoolOptions) {
    this.profileId = profileId;
    this.#clock = clock;
    this.#log = log;
    this.#pool = new MeteredPool({
      ...{ settings, log, clock, connectionConfig },
      meter: new PoolMeter(clock),
      onOpened: () => this.#keeper.topUp(),
      onClosed: () => this.#keeper.connectionClosed(),
      ...(onShut && { onShut }),
    });
    this.#keeper = new MinimumKeeper(this.#pool, this.#clock);
    this.#holds = new Holds(this.#pool, clock, log);
  }

  get settings(): PoolSettings {
    return this.#pool.settings;
  }

  /** Connections that are open: at rest, handed out, or being checked or reset. */
  get openCount(): number {
    return this.#pool.openCount;
  }

  /** Most connections it may have. */
  get capacity(): number {
    return this.#pool.capacity;
  }

  /** Whether every connection the pool may have is handed out. */
  get isExhausted(): boolean {
    return this.#pool.meter.used >= this.#pool.capacity;
  }

  get breaker(): BreakerStatus {
    return this.#pool.openings.breaker.status;
  }

  /** Until a connection may be tried again; 0 unless the breaker is open. */
  get nextAttemptInMs(): number {
    return this.#pool.openings.breaker.nextAttemptInMs;
  }

  /** How long the connection that is held for longest is; 0 when none is. */
  get longestHoldMs(): number {
    return this.#holds.longestMs;
  }

  /** Connections that are handed out, the one held for longest first. */
  get held(): HeldConnection[] {
    return this.#holds.list();
  }

  /** Since somebody last held a connection; health checks are nobody. */
  get unusedForMs(): number {
    const isHeld = this.held.some(({ holder }) => holder !== healthHolder);
    return isHeld ? 0 : this.#clock.monotonicMs() - this.#pool.lastUsedMs;
  }

  /** Server processes of its connections, as the server told at login; behind a pooler they mean nothing. */
  get processIds(): number[] {
    return [...this.#pool.alive].flatMap(({ processId }) => processId ?? []);
  }

  /** When the certificate that the server showed expires, since the epoch; null without TLS, or without a connection. */
  get certificateExpiresAtMs(): number | null {
    return this.#tls?.certificateExpiresAtMs ?? null;
  }

  /** What encrypts its newest connection; null while none is open. */
  get #tls(): TlsStatus | null {
    return tlsStatusOf([...this.#pool.clients].reverse());
  }

  /**
   * Takes a connection; `client.release()` gives it back, `client.release(error)` closes it.
   * An aborted signal ends the wait (rejecting with its reason) and leaks no client. A connection
   * being opened for this request alone is given up; a connect timeout, if the reason is a timeout.
   * @throws EngineError `pool_closed`, or what `pg` throws; `databaseErrorOf` words both.
   */
  connect({ signal, holder, mayRetry = true }: ConnectOptions = {}): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (this.#isShutting) return reject(poolClosed());
      if (signal?.aborted) return reject(signal.reason);
      let request: PendingRequest | null = null;
      const giveUp = () => {
        const why = isTimeout(signal?.reason) ? 'timeout' : 'unwanted';
        if (request !== null) this.#pool.abandon(request, why);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      request = this.#pool.request(
        (error, client) => {
          signal?.removeEventListener('abort', giveUp);
          if (client === undefined) return reject(error);
          resolve(client);
        },
        { holder, mayRetry },
      );
    });
  }

  get #isShutting(): boolean {
    return this.#draining || this.#ending !== null;
  }

  /**
   * Takes back a client whose statement its holder no longer waits for: asks the server to stop the
   * statement, which it would otherwise work on to its end, then closes the connection. Never rejects.
   */
  async discard(client: PoolClient, reason: Error): Promise<void> {
    await this.stopStatement(client, cancelDeadlineMs);
    client.release(reason);
  }

  /**
   * Asks the server to stop what a client runs, until it has stopped or the deadline is over. Never
   * rejects; true when the server is ready again (or the connection gone). The holder keeps the
   * client, and runs nothing else on it before this settles: the request names a session, not a
   * statement.
   * @param isOver whether the statement that is meant has ended, if something else may run by then
   */
  async stopStatement(client: PoolClient, deadlineMs: number, isOver = () => false): Promise<boolean> {
    const metered = client as unknown as MeteredClient;
    const deadline = AbortSignal.timeout(deadlineMs);
    for (let { running } = metered; running !== null && !deadline.aborted; { running } = metered) {
      if (isOver()) return true;
      await cancelStatement(metered, running, deadline);
      // A request that overtakes the statement on its way is lost without a word, so it is repeated.
      if (metered.running !== null) await sleep(cancelAgainMs);
    }
    return metered.running === null;
  }

  /** Tells a session again what its login told it, after its holder reset it by DISCARD ALL. */
  async tellSessionAgain(client: PoolClient): Promise<void> {
    const metered = client as unknown as MeteredClient;
    metered.forgetPreparedStatements();
    await this.#pool.tellSessionAgain(metered);
  }

  /**
   * Runs one statement on any connection. Unlike `pg-pool`'s own, it keeps the connection when the
   * server merely refuses the statement, as it does a duplicate key.
   * @throws what `connect` throws, and the server's errors.
   */
  query<Row extends QueryResultRow>(
    text: string,
    values?: unknown[],
    { holder }: Pick<ConnectOptions, 'holder'> = {},
  ): Promise<QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      if (this.#isShutting) return reject(poolClosed());
      this.#pool.request(
        (connectError, client) => {
          if (client === undefined) return reject(connectError);
          client.query<Row>(text, values as never, (error: Error | null, result: QueryResult<Row>) => {
            client.release(error && !keepsSession(error) ? error : undefined);
            if (error) reject(error);
            else resolve(result);
          });
        },
        { holder },
      );
    });
  }

  /** What happened since the last sample. Counters start anew. */
  takeSample(healthCheck: PoolSample['healthCheck']): PoolSample {
    this.#holds.lookForLeaks();
    return {
      profileId: this.profileId,
      atMs: this.#clock.nowMs(),
      idle: this.#pool.idleCount,
      connecting: this.#pool.notReadyCount,
      min: this.settings.min,
      max: this.#pool.capacity,
      healthCheck,
      ...this.#pool.meter.take(this.#pool.servedAtOnce),
    };
  }

  /** Opens connections up to the minimum; for the moment the server is known to be there. */
  topUp(): void {
    this.#keeper.topUp();
  }

  /** What the live control shows. */
  details(): PoolDetails {
    const { min, max, overflow, waitTimeoutMs, idleTimeoutMs, maxLifetimeMs } = this.settings;
    return {
      profileId: this.profileId,
      settings: { min, max, overflow, waitTimeoutMs, idleTimeoutMs, maxLifetimeMs },
      breaker: this.breaker,
      tls: this.#tls,
      held: this.held,
      totals: this.#pool.meter.totals,
    };
  }

  /** Takes over other settings without closing more than they ask for. */
  apply(settings: PoolSettings): void {
    const words = sizeChange(this.settings, settings);
    if (words !== null) this.#log.write('resize', null, null, words);
    this.#pool.apply(settings);
    this.#keeper.topUp();
  }

  /** Closes connections at rest now and those in use when they come back; the minimum opens anew. */
  recycle(): { closedNow: number; onReturn: number } {
    return this.#pool.recycle();
  }

  /** New connections ask anew how to log in; those that are open are recycled. */
  credentialsChanged(): void {
    this.#pool.recycle();
    this.#pool.openings.reconfigure();
  }

  /** Asks every connection at rest whether it is still there, several at a time. */
  async checkIdle(): Promise<IdleCheckResult> {
    const result: IdleCheckResult = { checked: 0, closed: 0, skipped: 0 };
    const { atRest } = this.#pool;
    const left = atRest.values();
    const checkOneByOne = async () => {
      for (const client of left) {
        const isAlive = await this.#pool.checkAtRest(client);
        if (isAlive === null) result.skipped += 1;
        else result.checked += 1;
        if (isAlive === false) result.closed += 1;
      }
    };
    // Together, or a network that swallows everything would take each one's time limit after the other.
    const length = Math.min(mostCheckedAtOnce, Math.ceil(atRest.length / 2));
    await Promise.all(Array.from({ length }, checkOneByOne));
    return result;
  }

  /**
   * Takes no new requests, serves those that wait, and waits for what is handed out, until the
   * deadline or the signal; then ends. Settles with how many were cut off.
   */
  async drain(deadlineMs: number, signal: AbortSignal): Promise<number> {
    this.#draining = true;
    this.#keeper.stop();
    const { meter } = this.#pool;
    const endsAtMs = this.#clock.monotonicMs() + deadlineMs;
    const isBusy = () => meter.used + meter.waiting > 0;
    while (isBusy() && this.#clock.monotonicMs() < endsAtMs && !signal.aborted)
      await sleep(drainLookMs, undefined, { signal }).catch(() => {});
    return meter.used;
  }

  /**
   * Ends every session, within the deadline. Connections at rest go at once; those handed out have
   * half the time to come back, then their statements are cancelled and their sockets destroyed.
   */
  end(deadlineMs: number): Promise<void> {
    this.#ending ??= this.#end(deadlineMs);
    return this.#ending;
  }

  async #end(deadlineMs: number): Promise<void> {
    this.#keeper.stop();
    this.#pool.refuseAll(poolClosed());
    // Its promise says nothing: it settles before sockets close, and never while a client is out.
    this.#pool.end(() => {});
    await this.#whenGone(deadlineMs / 2);
    const left = [...this.#pool.alive];
    if (left.length === 0) return;
    const signal = AbortSignal.timeout(deadlineMs / 4);
    await Promise.all(
      left.map(async (client) => {
        if (client.running !== null) await cancelStatement(client, client.running, signal);
      }),
    );
    for (const client of left) client.destroySocket();
    await this.#whenGone(deadlineMs / 4);
  }

  /** Settles when the last socket has closed, or at the deadline. */
  async #whenGone(deadlineMs: number): Promise<void> {
    const ends = [...this.#pool.alive].map(
      (client) => new Promise<void>((resolve) => client.once('end', () => resolve())),
    );
    const patience = new AbortController();
    const deadline = sleep(deadlineMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([Promise.all(ends), deadline]);
    patience.abort();
  }
}

function poolClosed(): EngineError {
  return new EngineError('pool_closed', 'The pool is closed.', { remedy: 'Connect it first.' });
}

function isTimeout(reason: unknown): boolean {
  if (reason instanceof EngineError) return reason.code.endsWith('_timeout');
  return reason instanceof Error && reason.name === 'TimeoutError';
}
