import { TLSSocket } from 'node:tls';
import type pg from 'pg';
import { ExplicitClient } from '#engine/profiles/index.ts';
import type { PoolMeter } from './pool-meter.ts';

/** What a pool's clients report to, besides the meter. */
export interface ClientHome {
  readonly meter: PoolMeter;
  readonly connectTimeoutMs: number;
  /** Every client whose socket may still be there. */
  readonly alive: Set<MeteredClient>;
  connectionOpened(): void;
  connectionClosed(): void;
  connectFailed(error: Error): void;
}

/** Why an attempt to connect is ended from our side. `unwanted`: whoever asked for it went away. */
export type GivenUp = 'timeout' | 'unwanted';

type ConnectDone = (error: Error | null) => void;
type EndDone = (error?: Error) => void;

/** `pg` has these and its types do not. */
interface Internals {
  readyForQuery?: boolean;
  processID: number | null;
  secretKey: number | null;
}

/**
 * A client that tells its pool's meter about the life of its connection. `pg-pool` makes clients
 * of the class in its `Client` option, so this sees every attempt; the pool's own events miss
 * those that fail, and fire for hand-overs that never happen.
 */
export class MeteredClient extends ExplicitClient {
  readonly #home: ClientHome;
  #phase: 'new' | 'connecting' | 'open' | 'closed' = 'new';
  #broken = false;
  #givenUp: GivenUp | null = null;
  /** Monotonic time of the hand-over; negative while nobody holds it. */
  heldSinceMs = -1;
  /** `server_version` as the login told it; poolers name themselves here on their consoles. */
  serverVersion = '';

  constructor(config: pg.ClientConfig & { home: ClientHome }) {
    super(config);
    this.#home = config.home;
    // Also keeps an error on a client that is out from ending the process: `pg-pool` listens only
    // to clients at rest.
    this.on('error', () => this.noteBroken());
    this.connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
      if (status.parameterName === 'server_version') this.serverVersion = status.parameterValue;
    });
  }

  get isConnecting(): boolean {
    return this.#phase === 'connecting';
  }

  /** The server's process behind it; null until the login told it, and behind a pooler not the true one. */
  get backendPid(): number | null {
    return (this as unknown as Internals).processID;
  }

  /** Server process and key while a statement runs: what it takes to cancel it. */
  get running(): { processId: number; secretKey: number } | null {
    const { readyForQuery, processID, secretKey } = this as unknown as Internals;
    if (this.#phase === 'connecting' || readyForQuery !== false) return null;
    return processID === null || secretKey === null ? null : { processId: processID, secretKey };
  }

  /** Null while it is being opened. */
  get serverProcessId(): number | null {
    return this.#phase === 'open' ? (this as unknown as Internals).processID : null;
  }

  /** Null without TLS, and while it is being opened. */
  get certificateExpiresAtMs(): number | null {
    const { stream } = this.connection;
    if (this.#phase !== 'open' || !(stream instanceof TLSSocket)) return null;
    const expiresAtMs = Date.parse(stream.getPeerCertificate().valid_to);
    return Number.isNaN(expiresAtMs) ? null : expiresAtMs;
  }

  override connect(): Promise<pg.Client>;
  override connect(done: ConnectDone): void;
  override connect(done?: ConnectDone): Promise<pg.Client> | undefined {
    if (done === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error) => (error ? reject(error) : resolve(this)));
      });
    }
    const { meter, alive, connectTimeoutMs } = this.#home;
    const startedMs = meter.connectStarted();
    // One millisecond before `pg-pool`'s own timer, whose doing would look like a server hanging up.
    const timer = setTimeout(() => this.giveUpConnecting('timeout'), connectTimeoutMs - 1);
    this.#phase = 'connecting';
    alive.add(this);
    this.once('end', () => alive.delete(this));
    super.connect((error: Error | null) => {
      clearTimeout(timer);
      if (error) {
        this.#phase = 'closed';
        if (this.#givenUp === 'unwanted') meter.connectGivenUp();
        else meter.connectFailed(this.#givenUp === 'timeout');
        // Neither `pg` nor `pg-pool` closes it when the failure is on our side (a missing
        // password): the server would keep the session until its authentication_timeout.
        this.destroySocket();
        this.#home.connectFailed(error);
      } else {
        this.#phase = 'open';
        meter.connectSucceeded(startedMs);
        this.#home.connectionOpened();
      }
      done(error);
    });
  }

  override end(): Promise<void>;
  override end(done: EndDone): void;
  override end(done?: EndDone): Promise<void> | undefined {
    // A client that its holder ends still takes its place in the pool until it is released.
    if (this.#phase === 'open' && this.heldSinceMs < 0) {
      this.#phase = 'closed';
      this.#home.meter.connectionClosed();
      this.#home.connectionClosed();
    }
    if (done === undefined) return super.end();
    super.end(done);
  }

  /** Counts the loss of the connection, once; a loss often shows more than once. */
  noteBroken(): void {
    if (this.#phase !== 'open' || this.#broken) return;
    this.#broken = true;
    this.#home.meter.connectionBroke();
  }

  /** Ends the attempt to connect. It counts as a connect timeout, or, being unwanted, not at all. */
  giveUpConnecting(why: GivenUp): void {
    if (this.#phase !== 'connecting') return;
    this.#givenUp ??= why;
    this.destroySocket(new Error(why === 'timeout' ? 'timeout expired' : 'no longer wanted'));
  }

  /** Ends the connection without a goodbye. */
  destroySocket(reason?: Error): void {
    this.hangUp(reason);
  }
}
