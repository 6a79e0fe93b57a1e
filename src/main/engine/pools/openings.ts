import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { errorPayloadOf } from '../base/pg-error-payload.ts';
import { Breaker } from './breaker.ts';
import type { EventLog } from './event-log.ts';
import { type MeteredClient, Unwanted } from './metered-client.ts';
import type { ConnectionConfig } from './metered-pool.ts';
import { Opening, type OpeningHost } from './opening.ts';
import type { ConnectCallback, PendingRequest } from './pending-requests.ts';
import type { PoolMeter } from './pool-meter.ts';
import type { PoolSettings } from './pool-settings.ts';
import { refusesForNow } from './session-errors.ts';

/** What these need of their pool. */
export interface OpeningsHost {
  readonly meter: PoolMeter;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly settings: PoolSettings;
  /** Connections it may still have; less than 0 after it was made smaller. */
  readonly room: number;
  /** Whether more requests wait than connections are on their way to them. */
  readonly isNeeded: boolean;
  connectionConfig(signal: AbortSignal): Promise<ConnectionConfig>;
  takeConfig(config: ConnectionConfig): void;
  /** Begins to open a client, and answers with it. Throws where `pg` does not take its configuration. */
  newClient(callback: ConnectCallback): MeteredClient | null;
  refuse(request: PendingRequest, error: Error): void;
  pulse(): void;
  onShut?(nextAttemptInMs: number): void;
}

const nothing = () => {};

/** The connections of a pool that are on their way, the breaker before them, and how to connect. */
export class Openings implements OpeningHost {
  readonly #host: OpeningsHost;
  readonly #closing = new AbortController();
  readonly #all = new Set<Opening>();
  /** Those that nobody waits for, and who is told how they end. */
  readonly #spares = new Map<Opening, (error: Error | null) => void>();
  #breaker: Breaker;
  #configured = false;
  #configuring: Promise<void> | null = null;
  /** Rises when what was answered before counts no more. */
  #edition = 0;
  /** Room kept for attempts that have no client yet. */
  #reserved = 0;

  constructor(host: OpeningsHost) {
    this.#host = host;
    this.#breaker = this.#newBreaker();
  }

  get breaker(): Breaker {
    return this.#breaker;
  }

  /** Whether a connection can be opened without asking for its configuration first. */
  get isConfigured(): boolean {
    return this.#configured;
  }

  /** Those that may be somebody's soon; one that sleeps and that nobody waits for any more is not. */
  get count(): number {
    let count = 0;
    for (const one of this.#all) if (!(one.isSpare && one.isAsleep)) count += 1;
    return count;
  }

  get #hasRoom(): boolean {
    return this.#host.room > this.#reserved;
  }

  /** Opens one for each request that has none on its way, as far as there is room. */
  openAsNeeded(asking: PendingRequest | null): void {
    const { meter } = this.#host;
    while (this.#hasRoom && this.#host.isNeeded) {
      const request = meter.oldestWithoutOpening;
      if (request === null) return;
      if (this.#breaker.isShut) this.#host.refuse(request, this.#breaker.refusal());
      else this.#start(new Opening(request, request === asking));
    }
  }

  /** Opens one connection that nobody waits for. Tells the outcome. */
  openOneMore(done: (error: Error | null) => void): void {
    const opening = new Opening(null, false);
    this.#spares.set(opening, done);
    this.#start(opening);
  }

  /** Opens no more. */
  stop(reason: Error): void {
    this.#closing.abort(reason);
  }

  /** From the client's own mouth: every attempt that fails, whoever it was for. */
  connectFailed(error: Error): void {
    if (!refusesForNow(error)) this.#configured = false;
  }

  /** How to connect may have changed: asks anew, and forgets what failed with the old answer. */
  reconfigure(): void {
    this.#configured = false;
    this.#edition += 1;
    this.renewBreaker();
    // At once, so that the minimum can open; a failure shows with the next request or check.
    this.#configure().catch(nothing);
  }

  renewBreaker(): void {
    this.#breaker = this.#newBreaker();
  }

  #start(opening: Opening): void {
    this.#all.add(opening);
    void opening.run(this, this.#host.settings);
  }

  isNeeded(opening: Opening): boolean {
    if (this.#closing.signal.aborted || !this.#hasRoom) return false;
    if (this.#spares.has(opening)) return true;
    if (opening.isSpare) opening.leaveTo(this.#host.meter.oldestWithoutOpening);
    return !opening.isSpare;
  }

  attempt(opening: Opening): Promise<void> {
    let isReserved = true;
    const giveBack = () => {
      if (isReserved) this.#reserved -= 1;
      isReserved = false;
    };
    this.#reserved += 1;
    const connecting = this.#breaker.execute(async () => {
      if (!this.#configured) await this.#configure();
      if (opening.givenUp !== null) throw new Unwanted();
      await this.#connectOne(opening, giveBack);
    });
    return connecting.finally(giveBack);
  }

  #connectOne(opening: Opening, onClient: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      try {
        opening.client = this.#host.newClient((error, client, release) => {
          if (client === undefined) return reject(error);
          this.#forget(opening);
          release();
          resolve();
        });
      } catch (error) {
        // `pg` checks some of its configuration by throwing from its constructor.
        this.#host.meter.neverConnected(false);
        this.#configured = false;
        return reject(error);
      }
      onClient();
    });
  }

  retrying({ request }: Opening, error: Error, delayMs: number): void {
    const { meter, log } = this.#host;
    if (request !== null) request.lastError = error;
    meter.count('retries');
    log.write('retry', null, delayMs, errorPayloadOf(error), null, request?.holder ?? null);
  }

  concluded(opening: Opening, error: Error | null): void {
    const { request } = opening;
    this.#forget(opening);
    this.#spares.get(opening)?.(error);
    this.#spares.delete(opening);
    if (error !== null && request !== null && !request.settled) {
      // A health check's only attempt is no verdict for somebody who may have more.
      const isVerdict = opening.mayRetry || !request.mayRetry || request.overdue;
      // It was called off because the request's time was over.
      const said = error instanceof Unwanted ? timedOut(error) : error;
      if (isVerdict) this.#host.refuse(request, said);
    }
    this.#host.pulse();
  }

  #forget(opening: Opening): void {
    this.#all.delete(opening);
    opening.leaveTo(null);
  }

  #configure(): Promise<void> {
    this.#configuring ??= this.#askForConfiguration().finally(() => {
      this.#configuring = null;
    });
    return this.#configuring;
  }

  async #askForConfiguration(): Promise<void> {
    const { settings, meter, connectionConfig, takeConfig } = this.#host;
    const { connectTimeoutMs, waitTimeoutMs } = settings;
    const patience = AbortSignal.timeout(connectTimeoutMs > 0 ? connectTimeoutMs : waitTimeoutMs);
    const edition = this.#edition;
    try {
      takeConfig(await connectionConfig(AbortSignal.any([patience, this.#closing.signal])));
      // Asked for anew meanwhile, because a password changed: this answer may be the old one.
      this.#configured = edition === this.#edition;
    } catch (error) {
      if (this.#closing.signal.aborted) throw error;
      meter.neverConnected(patience.aborted);
      throw patience.aborted ? timedOut(error) : error;
    }
  }

  #newBreaker(): Breaker {
    const { settings, clock, log } = this.#host;
    return new Breaker({
      threshold: settings.breakerThreshold,
      halfOpenAfterMs: settings.breakerHalfOpenMs,
      clock,
      onChange: ({ state, error, failures }) => {
        const words =
          state === 'open' ? `open after ${failures} failures. ${error?.message ?? ''}` : `${state}.`;
        log.write('breaker', null, null, `The circuit breaker is ${words.trim()}`);
        if (state === 'open') this.#onShut();
      },
    });
  }

  /** Whoever needs a new connection fails now, not after the pauses between further attempts. */
  #onShut(): void {
    for (const opening of this.#all) {
      const { request } = opening;
      if (!opening.isAsleep || request === null) continue;
      opening.leaveTo(null);
      this.#host.refuse(request, this.#breaker.refusal());
    }
    this.#host.onShut?.(this.#breaker.nextAttemptInMs);
  }
}

function timedOut(cause: unknown): EngineError {
  const remedy = 'Check the host and the port, and that no firewall drops the connection.';
  return new EngineError('connect_timeout', 'The server did not answer in time.', { remedy }, { cause });
}
