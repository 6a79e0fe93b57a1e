import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { cancelStatement } from './cancel-request.ts';
import type { MeteredClient } from './metered-client.ts';
import { type ConnectionConfig, MeteredPool } from './metered-pool.ts';
import { MinimumKeeper } from './minimum.ts';
import type { PendingRequest } from './pending-requests.ts';
import { PoolMeter } from './pool-meter.ts';
import { keepsSession } from './session-errors.ts';

export type PoolSettings = Pick<
  ProfileDraft,
  'min' | 'max' | 'waitTimeoutMs' | 'idleTimeoutMs' | 'maxLifetimeMs'
>;

export interface InstrumentedPoolOptions {
  profileId: string;
  settings: PoolSettings;
  connectionConfig(signal: AbortSignal): Promise<ConnectionConfig>;
  clock: Clock;
}

/** How long a server may take to take in a request to stop a statement. */
const cancelDeadlineMs = 1000;
const cancelAgainMs = 50;

/** A pool whose every number is true: see `PoolSample` for what they mean. */
export class InstrumentedPool {
  readonly profileId: string;
  readonly settings: PoolSettings;
  readonly #clock: Clock;
  readonly #pool: MeteredPool;
  readonly #keeper: MinimumKeeper;
  #ending: Promise<void> | null = null;

  constructor({ profileId, settings, connectionConfig, clock }: InstrumentedPoolOptions) {
    this.profileId = profileId;
    this.settings = settings;
    this.#clock = clock;
    this.#pool = new MeteredPool({
      ...settings,
      meter: new PoolMeter(clock),
      connectionConfig,
      onOpened: () => this.#keeper.topUp(),
      onClosed: () => this.#keeper.connectionClosed(),
    });
    this.#keeper = new MinimumKeeper(this.#pool, settings.min);
  }

  /** Connections that are open, at rest or handed out. */
  get openCount(): number {
    return this.#pool.openCount;
  }

  /** Server processes of its connections; behind a pooler they are not the true ones. */
  get backendPids(): number[] {
    return [...this.#pool.alive].flatMap(({ backendPid }) => backendPid ?? []);
  }

  /** Whether every connection the pool may have is handed out. */
  get isExhausted(): boolean {
    return this.#pool.meter.used >= this.settings.max;
  }

  /** How long the hand-over that lasts longest has lasted; 0 when nothing is handed out. */
  get longestHoldMs(): number {
    const nowMs = this.#clock.monotonicMs();
    let longestMs = 0;
    for (const { heldSinceMs } of this.#pool.alive) {
      if (heldSinceMs >= 0) longestMs = Math.max(longestMs, nowMs - heldSinceMs);
    }
    return longestMs;
  }

  /** Server processes of its connections, as the server told at login; behind a pooler they mean nothing. */
  get processIds(): number[] {
    return [...this.#pool.alive].flatMap(({ serverProcessId }) => serverProcessId ?? []);
  }

  /** When the certificate that the server showed expires, since the epoch; null without TLS, or without a connection. */
  get certificateExpiresAtMs(): number | null {
    for (const client of this.#pool.alive) {
      const expiresAtMs = client.certificateExpiresAtMs;
      if (expiresAtMs !== null) return expiresAtMs;
    }
    return null;
  }

  /**
   * Takes a connection; `client.release()` gives it back, `client.release(error)` closes it.
   * An aborted signal ends the wait (rejecting with its reason) and leaks no client. A connection
   * being opened for this request alone is given up; a connect timeout, if the reason is a timeout.
   * @throws EngineError `pool_closed`, or what `pg` throws; `databaseErrorOf` words both.
   */
  connect({ signal }: { signal?: AbortSignal } = {}): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (this.#ending !== null) return reject(poolClosed());
      if (signal?.aborted) return reject(signal.reason);
      let request: PendingRequest | null = null;
      const giveUp = () => {
        const why = isTimeout(signal?.reason) ? 'timeout' : 'unwanted';
        if (request !== null) this.#pool.abandon(request, why);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      request = this.#pool.request((error, client) => {
        signal?.removeEventListener('abort', giveUp);
        if (client === undefined) reject(error);
        else resolve(client);
      }, signal !== undefined);
    });
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

  /**
   * Runs one statement on any connection. Unlike `pg-pool`'s own, it keeps the connection when the
   * server merely refuses the statement, as it does a duplicate key.
   * @throws what `connect` throws, and the server's errors.
   */
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      if (this.#ending !== null) return reject(poolClosed());
      this.#pool.request((connectError, client) => {
        if (client === undefined) return reject(connectError);
        client.query<Row>(text, values as never, (error: Error | null, result: QueryResult<Row>) => {
          client.release(error && !keepsSession(error) ? error : undefined);
          if (error) reject(error);
          else resolve(result);
        });
      });
    });
  }

  /** What happened since the last sample. Counters start anew. */
  takeSample(healthCheck: PoolSample['healthCheck']): PoolSample {
    return {
      profileId: this.profileId,
      atMs: this.#clock.nowMs(),
      idle: this.#pool.idleCount,
      min: this.settings.min,
      max: this.settings.max,
      healthCheck,
      ...this.#pool.meter.take(this.#pool.servedAtOnce),
    };
  }

  /** Opens connections up to the minimum; for the moment the server is known to be there. */
  topUp(): void {
    this.#keeper.topUp();
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
