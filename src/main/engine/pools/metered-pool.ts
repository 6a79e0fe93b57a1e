import pg from 'pg';
import { EngineError } from '../base/errors.ts';
import { type ClientHome, type GivenUp, MeteredClient } from './metered-client.ts';
import type { ConnectCallback, PendingRequest, Place } from './pending-requests.ts';
import type { PoolMeter } from './pool-meter.ts';
import { endsSession, refusesForNow } from './session-errors.ts';

/** Where connections go and who logs in. May change from one attempt to the next. */
export type ConnectionConfig = pg.ClientConfig;

export interface MeteredPoolOptions {
  meter: PoolMeter;
  min: number;
  max: number;
  waitTimeoutMs: number;
  idleTimeoutMs: number;
  maxLifetimeMs: number;
  /**
   * Asked before the first connection and again after any that failed, so that a password or TLS
   * setting mended meanwhile takes effect, and a server that is down at first is no lasting error.
   * A server that is merely full has nothing to mend here, and is not a reason to ask.
   */
  connectionConfig(signal: AbortSignal): Promise<ConnectionConfig>;
  onOpened(): void;
  onClosed(): void;
}

/** `pg-pool` has these and its types do not; the tests beside this file fail if they go. */
interface Internals {
  _pendingQueue: Place[];
  newClient(place: Place): void;
}
const inner = pg.Pool.prototype as unknown as Internals;

/** `pg-pool` 3.14 gives its two timeouts no code. This one is of requests that waited in the queue. */
const waitTimeoutText = 'timeout exceeded when trying to connect';
const noRelease = () => {};

/**
 * `pg-pool` with every request metered, in whichever form it comes: `connect()`, `connect(callback)`,
 * and `query`, which uses the second.
 *
 * What is counted where, since the pool's events do not say: requests here; connections in
 * `MeteredClient`; hand-overs when a requester gets the client, not on `acquire`, which also fires
 * for clients whose lifetime ends and for requesters who gave up.
 */
export class MeteredPool extends pg.Pool {
  readonly meter: PoolMeter;
  /** Clients whose socket may still be there. */
  readonly alive: ReadonlySet<MeteredClient>;
  readonly #options: MeteredPoolOptions;
  readonly #closing = new AbortController();
  #configured = false;
  #configuring: Promise<void> | null = null;
  /** The place a client was last opened for. */
  #lastOpening: Place | null = null;
  readonly #openedFor = new WeakMap<Place, MeteredClient>();
  /** Clients that are being opened for requests whose owners went away. */
  readonly #orphans = new Map<MeteredClient, GivenUp>();

  constructor(options: MeteredPoolOptions) {
    const alive = new Set<MeteredClient>();
    let connectFailed: (error: Error) => void = noRelease;
    const home: ClientHome = {
      meter: options.meter,
      connectTimeoutMs: options.waitTimeoutMs,
      alive,
      connectionOpened: options.onOpened,
      connectionClosed: options.onClosed,
      connectFailed: (error) => connectFailed(error),
    };
    const config: pg.PoolConfig & { home: ClientHome } = {
      min: options.min,
      max: options.max,
      connectionTimeoutMillis: options.waitTimeoutMs,
      idleTimeoutMillis: options.idleTimeoutMs,
      maxLifetimeSeconds: options.maxLifetimeMs / 1000,
      Client: MeteredClient as unknown as new () => pg.ClientBase,
      home,
    };
    super(config);
    this.meter = options.meter;
    this.alive = alive;
    this.#options = options;
    connectFailed = (error) => {
      if (!refusesForNow(error)) this.#configured = false;
    };
    this.on('release', (error, client) => this.#released(error, client as unknown as MeteredClient));
    // Counted by the client; without a listener the event would end the process.
    this.on('error', noRelease);
  }

  /** Open connections: at rest or handed out. */
  get openCount(): number {
    return this.totalCount - this.meter.connecting;
  }

  /** Requests that idle connections serve on the next tick. */
  get servedAtOnce(): number {
    return Math.min(this.idleCount, this.waitingCount);
  }

  /** Whether a connection can be opened without asking for its configuration first. */
  get isConfigured(): boolean {
    return this.#configured;
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

  /**
   * Asks for a connection. The answer comes once, unless the request is abandoned, which is for
   * those that say here that they may leave.
   */
  request(callback: ConnectCallback, mayLeave = false): PendingRequest {
    const request = this.meter.requestStarted(callback);
    request.mayLeave = mayLeave;
    if (this.#configured) {
      this.#enqueue(request);
    } else {
      this.meter.requestQueued(0);
      this.#configure().then(
        () => this.#enqueue(request),
        (error: Error) => this.#refuse(request, error),
      );
    }
    return request;
  }

  /**
   * The owner went away. The request leaves the queue; a connection being opened for it is given up,
   * unless somebody in the queue will take it. A client that comes all the same goes straight back.
   */
  abandon(request: PendingRequest, why: GivenUp): void {
    if (request.settled) return;
    this.meter.requestDropped(request);
    const { place } = request;
    if (place === null) return;
    const { _pendingQueue: queue } = this as unknown as Internals;
    const at = queue.indexOf(place);
    if (at >= 0) queue.splice(at, 1);
    const client = this.#openedFor.get(place);
    if (client !== undefined) this.#orphans.set(client, why);
    this.#giveUpOrphans();
  }

  /** `pg-pool` grows by this, and so does the keeper of the minimum. */
  newClient(place: Place): void {
    inner.newClient.call(this, place);
    const client = [...this.alive].at(-1);
    if (client !== undefined) this.#openedFor.set(place, client);
    this.#lastOpening = place;
    // One fewer waits in the queue, perhaps.
    this.#giveUpOrphans();
  }

  #giveUpOrphans(): void {
    for (const client of this.#orphans.keys()) {
      if (!client.isConnecting) this.#orphans.delete(client);
    }
    for (const [client, why] of this.#orphans) {
      if (this.#orphans.size <= this.waitingCount) return;
      this.#orphans.delete(client);
      client.giveUpConnecting(why);
    }
  }

  /** Takes no more requests, answers those that wait, and gives up attempts to connect. */
  refuseAll(reason: Error): void {
    this.#closing.abort(reason);
    for (const request of this.meter.requests) this.#refuse(request, reason);
    for (const client of this.alive) {
      if (client.isConnecting) client.destroySocket();
    }
  }

  #configure(): Promise<void> {
    this.#configuring ??= this.#askForConfiguration().finally(() => {
      this.#configuring = null;
    });
    return this.#configuring;
  }

  async #askForConfiguration(): Promise<void> {
    const patience = AbortSignal.timeout(this.#options.waitTimeoutMs);
    try {
      const signal = AbortSignal.any([patience, this.#closing.signal]);
      const { password, ...config } = await this.#options.connectionConfig(signal);
      Object.assign(this.options, config);
      // Kept out of what a log or an error might print, as `pg-pool` does with its own.
      Object.defineProperty(this.options, 'password', {
        configurable: true,
        enumerable: false,
        writable: true,
        value: password,
      });
      this.#configured = true;
    } catch (error) {
      if (this.#closing.signal.aborted) throw error;
      this.meter.neverConnected(patience.aborted);
      throw patience.aborted ? configurationTimedOut(error) : error;
    }
  }

  #enqueue(request: PendingRequest): void {
    if (request.settled) return;
    const queued = this.waitingCount;
    try {
      super.connect((error, client, release) => {
        if (request.settled) client?.release();
        else if (error || client === undefined) this.#refuse(request, error ?? new Error('No client.'));
        else {
          (client as unknown as MeteredClient).heldSinceMs = this.meter.requestServed(request);
          request.callback(undefined, client, release);
        }
      });
    } catch (error) {
      // `pg` checks some of its configuration by throwing from its constructor.
      if (request.settled) throw error;
      this.meter.neverConnected(false);
      this.#configured = false;
      this.#refuse(request, error as Error);
    }
    if (request.settled) return;
    this.meter.requestQueued(this.servedAtOnce);
    if (request.mayLeave) request.place = this.#placeOfLast(queued);
  }

  /** The place of the request just made, when so many stood in the queue before it. */
  #placeOfLast(queued: number): Place | null {
    const { _pendingQueue: queue } = this as unknown as Internals;
    return (queue.length > queued ? queue.at(-1) : this.#lastOpening) ?? null;
  }

  #refuse(request: PendingRequest, error: Error): void {
    if (request.settled) return;
    if (error.message === waitTimeoutText) this.meter.requestTimedOut(request);
    else this.meter.requestDropped(request);
    request.callback(error, undefined, noRelease);
  }

  #released(error: unknown, client: MeteredClient): void {
    if (client.heldSinceMs >= 0) {
      this.meter.released(client.heldSinceMs);
      client.heldSinceMs = -1;
    }
    // The server's last words went to a statement, so the client heard of no error.
    if (endsSession(error)) client.noteBroken();
  }
}

function configurationTimedOut(cause: unknown): EngineError {
  const remedy = 'Check the host and the port, and that no firewall drops the connection.';
  return new EngineError('connect_timeout', 'The server did not answer in time.', { remedy }, { cause });
}
