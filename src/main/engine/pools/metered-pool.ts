import pg from 'pg';
import { healthHolder } from '#engine/health/index.ts';
import type { RemoveReason } from '#shared/model/pool-event.ts';
import type { Clock } from '../base/clock.ts';
import { errorPayloadOf } from '../base/pg-error-payload.ts';
import type { EventLog } from './event-log.ts';
import { checkAlive, needsTidying, tidyUp } from './fit-for-use.ts';
import { type ClientHome, type GivenUp, MeteredClient } from './metered-client.ts';
import { Openings, type OpeningsHost } from './openings.ts';
import type { ConnectCallback, PendingRequest } from './pending-requests.ts';
import { type IdleListener, type PgPoolInternals, pgPool, type Seat } from './pg-pool-internals.ts';
import type { PoolMeter } from './pool-meter.ts';
import type { PoolSettings } from './pool-settings.ts';
import { endsSession } from './session-errors.ts';
import { lifetimeEndsAtMs, Upkeep } from './upkeep.ts';
import { WaitClock } from './wait-clock.ts';

/**
 * Where connections go and who logs in. May change from one attempt to the next. `onConnect` runs on
 * each new connection before anyone gets it, and again after a reset, which takes back what it set.
 */
export type ConnectionConfig = pg.ClientConfig & Pick<pg.PoolConfig, 'onConnect'>;

export interface MeteredPoolOptions {
  settings: PoolSettings;
  meter: PoolMeter;
  log: EventLog;
  clock: Clock;
  /**
   * Asked before the first connection and again after any that failed, so that a password or TLS
   * setting mended meanwhile takes effect, and a server that is down at first is no lasting error.
   * A server that is merely full has nothing to mend here, and is not a reason to ask.
   */
  connectionConfig(signal: AbortSignal): Promise<ConnectionConfig>;
  onOpened(): void;
  onClosed(): void;
  /** The breaker opened: when the next attempt may be made. */
  onShut?(nextAttemptInMs: number): void;
}

export interface Asking {
  holder?: string | undefined;
  /** Whether connection errors are met with further attempts; they are unless told. */
  mayRetry?: boolean;
}

/** As `pg-pool` says it, which gives its errors no code. */
const waitTimeoutText = 'timeout exceeded when trying to connect';
const nothing = () => {};

/**
 * `pg-pool` with every request metered, in whichever form it comes: `connect()`, `connect(callback)`,
 * and `query`, which uses the second.
 *
 * `pg-pool` ties each new connection to the request that caused it and hands the others out by chance,
 * so that newcomers overtake those who wait. Here every request stands in one line, and whatever
 * becomes ready (a connection opened, given back, reset, checked) goes to its head. Opening,
 * listening, releasing once and ending stay `pg-pool`'s.
 *
 * What is counted where, since the pool's events do not say: requests and hand-overs here,
 * connections in `MeteredClient`. A client being checked or reset is neither idle nor used.
 */
export class MeteredPool extends pg.Pool {
  readonly meter: PoolMeter;
  /** Clients whose socket may still be there. */
  readonly alive: ReadonlySet<MeteredClient>;
  settings: PoolSettings;
  readonly #options: MeteredPoolOptions;
  readonly #log: EventLog;
  readonly #openings: Openings;
  readonly #waitClock: WaitClock;
  readonly #upkeep: Upkeep;
  /** Clients being checked or reset, which will be ready soon. */
  #inPreparation = 0;
  #generation = 0;
  #asking: PendingRequest | null = null;
  /** Why it takes no more requests; null while it does. */
  #closing: Error | null = null;
  /** Monotonic time at which a connection last came back from anybody but a health check. */
  lastUsedMs: number;

  constructor(options: MeteredPoolOptions) {
    const alive = new Set<MeteredClient>();
    let connectionIds = 0;
    let own: MeteredPool | null = null;
    const home: ClientHome = {
      meter: options.meter,
      log: options.log,
      get connectTimeoutMs() {
        const { connectTimeoutMs, waitTimeoutMs } = own?.settings ?? options.settings;
        return connectTimeoutMs > 0 ? connectTimeoutMs : waitTimeoutMs;
      },
      get logStatements() {
        return own?.settings.logStatements ?? options.settings.logStatements;
      },
      get generation() {
        return own?.generation ?? 0;
      },
      alive,
      nextConnectionId: () => {
        connectionIds += 1;
        return connectionIds;
      },
      connectionOpened: options.onOpened,
      connectionClosed: options.onClosed,
      connectFailed: (error) => own?.openings.connectFailed(error),
    };
    const config: pg.PoolConfig & { home: ClientHome } = {
      // Sizes and times are kept here; `pg-pool` must not act on its own.
      idleTimeoutMillis: 0,
      Client: MeteredClient as unknown as new () => pg.ClientBase,
      home,
    };
    super(config);
    own = this;
    this.meter = options.meter;
    this.alive = alive;
    this.settings = options.settings;
    this.#options = options;
    this.#log = options.log;
    this.lastUsedMs = options.clock.monotonicMs();
    this.#openings = new Openings(this.#openingHost());
    this.#waitClock = new WaitClock(
      options.clock,
      () => this.meter.requests,
      (request) => this.#timeUp(request),
    );
    const pool = this;
    this.#upkeep = new Upkeep(
      {
        atRest: () => pool.atRest,
        get totalCount() {
          return pool.totalCount;
        },
        get settings() {
          return pool.settings;
        },
        closeAtRest: (client, reason) => pool.#close(client, reason),
      },
      options.clock,
    );
    // Counted by the client; without a listener the event would end the process.
    this.on('error', nothing);
  }

  get #inner(): PgPoolInternals {
    return this as unknown as PgPoolInternals;
  }

  /** Open connections: at rest, handed out, or being checked or reset. */
  get openCount(): number {
    return this.totalCount - this.meter.connecting;
  }

  /** Connections that nobody can use yet: being opened, checked or reset. */
  get notReadyCount(): number {
    return Math.max(0, this.totalCount - this.idleCount - this.meter.used);
  }

  /** Requests that idle connections serve on the next tick. */
  get servedAtOnce(): number {
    return Math.min(this.idleCount, this.meter.waiting);
  }

  /** Most connections it may have. */
  get capacity(): number {
    return this.settings.max + this.settings.overflow;
  }

  /** Connections on their way, and what stands before them. */
  get openings(): Openings {
    return this.#openings;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Every client the pool counts, in the order they were opened. */
  get clients(): readonly MeteredClient[] {
    return this.#inner._clients;
  }

  get atRest(): MeteredClient[] {
    return this.#inner._idle.map(({ client }) => client);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (callback !== undefined) {
      this.request(callback);
      return;
    }
    return new Promise((resolve, reject) => {
      this.request((error, client) => (client === undefined ? reject(error) : resolve(client)));
    });
  }

  /** Asks for a connection. The answer comes once, unless the request is abandoned. */
  request(callback: ConnectCallback, { holder, mayRetry = true }: Asking = {}): PendingRequest {
    const isCheck = holder === healthHolder;
    const request = this.meter.requestStarted(callback, isCheck);
    if (this.#closing !== null) {
      this.#refuse(request, this.#closing);
      return request;
    }
    request.holder = holder ?? null;
    request.mayRetry = mayRetry;
    // A health check has a time of its own, and tells a pool that is busy from a server that is gone.
    request.waitTimeoutMs = isCheck ? Number.POSITIVE_INFINITY : this.settings.waitTimeoutMs;
    if (this.idleCount > 0) {
      // Not in the caller's own turn, as `pg-pool` does.
      process.nextTick(this.#pulseLater);
      this.meter.requestQueued(this.servedAtOnce);
    } else {
      this.#asking = request;
      this.pulse();
      this.#asking = null;
      if (request.settled) return request;
      this.meter.requestQueued(0);
      this.#waitClock.watch(request);
    }
    return request;
  }

  readonly #pulseLater = (): void => this.pulse();

  /**
   * The owner went away. The request leaves the line; a connection being opened for it is given up,
   * unless somebody else who waits will take it.
   */
  abandon(request: PendingRequest, why: GivenUp): void {
    if (request.settled) return;
    this.meter.requestDropped(request);
    const { opening } = request;
    if (opening === null) return;
    opening.leaveTo(this.meter.oldestWithoutOpening);
    if (opening.isSpare) opening.giveUp(why);
  }

  /** Takes no more requests, answers those that wait, and gives up attempts to connect. */
  refuseAll(reason: Error): void {
    this.#closing = reason;
    this.#openings.stop(reason);
    this.#waitClock.stop();
    this.#upkeep.stop();
    for (const request of this.meter.requests) this.#refuse(request, reason);
    for (const client of this.alive) {
      if (client.isConnecting) client.destroySocket();
    }
  }

  /** Serves whoever can be served, in order, and sees that enough connections are on their way. */
  pulse(): void {
    const { _idle: idle } = this.#inner;
    if (this.#closing !== null || this.#inner.ending) return;
    for (let head = this.meter.oldest; head !== null && idle.length > 0; head = this.meter.oldest) {
      const at = this.settings.reuseOrder === 'fifo' ? 0 : idle.length - 1;
      const seat = idle[at];
      if (seat === undefined) break;
      const isChecked = !this.#needsCheck(seat.client, head);
      if (!isChecked && this.#onTheirWay >= this.meter.waiting) break;
      if (at === 0) idle.shift();
      else idle.pop();
      if (isChecked) this.#serve(head, seat);
      else void this.#check(seat);
    }
    // After most hand-overs nobody is left, and this runs after every one.
    if (this.meter.oldest === null) return;
    this.#openings.openAsNeeded(this.#asking);
    const { oldest } = this.meter;
    if (oldest !== null && !oldest.overdue) this.#waitClock.watch(oldest);
  }

  /** Ready soon: without any of these a request that waits needs a new connection. */
  get #onTheirWay(): number {
    return this.#openings.count + this.#inPreparation;
  }

  #openingHost(): OpeningsHost {
    const pool = this;
    return {
      meter: this.meter,
      log: this.#log,
      clock: this.#options.clock,
      get settings() {
        return pool.settings;
      },
      get room() {
        return pool.capacity - pool.totalCount;
      },
      get isNeeded() {
        return pool.meter.waiting > pool.#onTheirWay;
      },
      connectionConfig: this.#options.connectionConfig,
      takeConfig: (config) => pool.#takeConfig(config),
      newClient: (callback) => {
        pgPool.newClient.call(pool as never, { callback });
        return pool.#inner._clients.at(-1) ?? null;
      },
      refuse: (request, error) => pool.#refuse(request, error),
      pulse: () => pool.pulse(),
      ...(this.#options.onShut && { onShut: this.#options.onShut }),
    };
  }

  #takeConfig({ password, ...config }: ConnectionConfig): void {
    Object.assign(this.options, { onConnect: undefined }, config);
    // Kept out of what a log or an error might print, as `pg-pool` does with its own.
    Object.defineProperty(this.options, 'password', {
      configurable: true,
      enumerable: false,
      writable: true,
      value: password,
    });
  }

  #serve(request: PendingRequest, { client, idleListener }: Seat): void {
    client.heldSinceMs = this.meter.requestServed(request);
    client.holder = request.holder;
    client.suspected = false;
    client.statement = null;
    request.opening?.leaveTo(this.meter.oldestWithoutOpening);
    const { heldSinceMs, holder } = client;
    this.#log.write('acquire', client, heldSinceMs - request.sinceMs, null, null, holder, heldSinceMs);
    pgPool._acquireClient.call(this as never, client, request, idleListener, false);
  }

  #timeUp(request: PendingRequest): void {
    const { opening, lastError } = request;
    if (lastError !== null) {
      this.#refuse(request, lastError);
      return;
    }
    if (opening?.isImmediate === true && !opening.isAsleep) {
      // It never waited for room: its own attempt takes too long, and says so as it ends.
      request.overdue = true;
      opening.giveUp('timeout');
      return;
    }
    this.meter.requestTimedOut(request);
    this.#log.write('timeout', null, request.waitTimeoutMs, null, null, request.holder);
    this.#answer(request, new Error(waitTimeoutText));
  }

  #refuse(request: PendingRequest, error: Error): void {
    if (request.settled) return;
    this.meter.requestDropped(request);
    this.#answer(request, error);
  }

  #answer(request: PendingRequest, error: Error): void {
    request.opening?.leaveTo(this.meter.oldestWithoutOpening);
    request.callback(error, undefined, nothing);
  }

  /** `pg-pool` calls this when a client comes back, or was opened. */
  _release(client: MeteredClient, idleListener: IdleListener, error?: Error | boolean): void {
    this.emit('release', error, client);
    const isReturn = client.heldSinceMs >= 0;
    client.restedSinceMs = client.openedAtMs;
    if (isReturn) {
      client.restedSinceMs = this.meter.released(client.heldSinceMs);
      client.uses += 1;
      if (client.holder !== healthHolder) this.lastUsedMs = client.restedSinceMs;
      const { heldSinceMs, restedSinceMs, holder } = client;
      this.#log.write('release', client, restedSinceMs - heldSinceMs, null, null, holder, restedSinceMs);
      client.heldSinceMs = -1;
    }
    // The server's last words went to a statement, so the client heard of no error.
    if (endsSession(error)) client.noteBroken(error);
    const reason = this.#reasonToClose(client, error);
    if (reason !== null) this.#close(client, reason);
    else if (isReturn && needsTidying(client, this.settings.onRelease)) void this.#tidy(client, idleListener);
    else if (isReturn) this.#rest(client, idleListener);
    else this.#restProven(client, idleListener);
  }

  /** Just opened or checked: whoever has waited for longest gets it as it is. */
  #restProven(client: MeteredClient, idleListener: IdleListener): void {
    const { oldest } = this.meter;
    if (oldest === null) this.#rest(client, idleListener);
    else this.#serve(oldest, client.seatWith(idleListener));
  }

  #reasonToClose(client: MeteredClient, error: Error | boolean | undefined): RemoveReason | null {
    const { maxUses } = this.settings;
    if (this.#inner.ending) return 'closing';
    if (error || !client.isUsable) return 'discarded';
    if (client.generation !== this.#generation) return 'recycled';
    if (maxUses > 0 && client.uses >= maxUses) return 'max-uses';
    if (lifetimeEndsAtMs(client, this.settings) <= client.restedSinceMs) return 'lifetime';
    return this.totalCount > this.capacity ? 'shrunk' : null;
  }

  #rest(client: MeteredClient, idleListener: IdleListener): void {
    const { _idle: idle } = this.#inner;
    client.on('error', idleListener);
    idle.push(client.seatWith(idleListener));
    if (this.meter.waiting > 0) this.pulse();
    // Nobody took it, and those that persist are all at rest already.
    if (idle.length > this.settings.max) this.#close(client, 'overflow');
    else this.#upkeep.rested(client);
  }

  async #tidy(client: MeteredClient, idleListener: IdleListener): Promise<void> {
    const { onRelease: action, healthTimeoutMs: limitMs } = this.settings;
    const onTransaction = () => {
      this.meter.count('releasedInTransaction');
      const done = action === 'nothing' ? 'The connection is closed' : 'It is rolled back';
      this.#log.write('released-in-transaction', client, null, `${done}; what was not committed is lost.`);
    };
    const prepare = () => this.tellSessionAgain(client);
    const failure = await this.#prepare(tidyUp(client, { action, limitMs, onTransaction, prepare }));
    const reason = failure === null ? this.#reasonToClose(client, undefined) : 'reset-failed';
    if (reason === null) this.#rest(client, idleListener);
    else this.#close(client, reason);
  }

  /** What every new connection is told, after a reset took it back. */
  async tellSessionAgain(client: MeteredClient): Promise<void> {
    await client.tellSessionAgain();
    await this.options.onConnect?.(client as never);
  }

  #needsCheck({ restedSinceMs }: MeteredClient, { sinceMs }: PendingRequest): boolean {
    const { checkBeforeUse, checkIdleMs } = this.settings;
    if (checkBeforeUse === 'never') return false;
    // What is at rest is asked for in the same turn: no need to read the clock, which takes its time.
    return checkBeforeUse === 'always' || sinceMs - restedSinceMs > checkIdleMs;
  }

  /** Takes a seat off the list of those at rest; the client comes back to it, or is closed. */
  async #check({ client, idleListener }: Seat): Promise<boolean> {
    client.off('error', idleListener);
    const startedMs = this.#options.clock.monotonicMs();
    const failure = await this.#prepare(checkAlive(client, this.settings.healthTimeoutMs));
    const tookMs = this.meter.sinceMs(startedMs);
    if (failure !== null) {
      this.meter.count('checksFailed');
      this.#log.write('check', client, tookMs, errorPayloadOf(failure), 'check-failed', null);
      this.#close(client, 'check-failed');
      return false;
    }
    this.#log.write('check', client, tookMs, null, null, null);
    const reason = this.#reasonToClose(client, undefined);
    if (reason === null) this.#restProven(client, idleListener);
    else this.#close(client, reason);
    return true;
  }

  async #prepare(work: Promise<Error | null>): Promise<Error | null> {
    this.#inPreparation += 1;
    try {
      return await work;
    } finally {
      this.#inPreparation -= 1;
    }
  }

  #close(client: MeteredClient, reason: RemoveReason): void {
    client.removeReason ??= reason;
    this._remove(client, () => pgPool._pulseQueue.call(this as never));
  }

  /** Also called by `pg-pool`, for clients that break at rest and when it ends. */
  _remove(client: MeteredClient, done?: () => void): void {
    if (client.isRemoved) {
      done?.();
      return;
    }
    client.isRemoved = true;
    if (this.#inner.ending) client.removeReason ??= 'closing';
    pgPool._remove.call(this as never, client, done);
    // Not when its socket has closed, as `pg-pool`: a newcomer would take its place before those who wait.
    this.pulse();
  }

  /** `pg-pool` calls this when an attempt to connect failed and, while it ends, when a client went. */
  _pulseQueue(): void {
    if (this.#inner.ending) pgPool._pulseQueue.call(this as never);
    else this.pulse();
  }

  /** Takes over other settings: growth serves those who wait now, shrinking closes those at rest now. */
  apply(settings: PoolSettings): void {
    const before = this.settings;
    this.settings = settings;
    const isBreakerSame =
      before.breakerThreshold === settings.breakerThreshold &&
      before.breakerHalfOpenMs === settings.breakerHalfOpenMs;
    if (!isBreakerSame) this.#openings.renewBreaker();
    const { _idle: idle } = this.#inner;
    while (idle.length > 0 && (idle.length > settings.max || this.totalCount > this.capacity)) {
      const [oldest] = idle;
      if (oldest !== undefined) this.#close(oldest.client, 'shrunk');
    }
    this.#upkeep.look();
    this.pulse();
  }

  /** Closes connections at rest now, and those handed out, opened or prepared as they come back. */
  recycle(): { closedNow: number; onReturn: number } {
    this.#generation += 1;
    const { atRest } = this;
    const onReturn = this.totalCount - atRest.length;
    for (const client of atRest) this.#close(client, 'recycled');
    return { closedNow: atRest.length, onReturn };
  }

  /** Checks a client if it is still at rest; null when it is not. */
  async checkAtRest(client: MeteredClient): Promise<boolean | null> {
    const { _idle: idle } = this.#inner;
    const at = idle.findIndex((seat) => seat.client === client);
    const [seat] = at < 0 ? [] : idle.splice(at, 1);
    return seat === undefined ? null : await this.#check(seat);
  }
}
