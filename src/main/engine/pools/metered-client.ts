import pg from 'pg';
import { ExplicitClient } from '#engine/profiles/index.ts';
import type { RemoveReason } from '#shared/model/pool-event.ts';
import { errorPayloadOf } from '../base/pg-error-payload.ts';
import type { EventLog, EventSubject } from './event-log.ts';
import type { IdleListener, Seat } from './pg-pool-internals.ts';
import type { PoolMeter } from './pool-meter.ts';

/** What a pool's clients report to, besides the meter. */
export interface ClientHome {
  readonly meter: PoolMeter;
  readonly log: EventLog;
  /** Longest one attempt to connect may take, as it stands now. */
  readonly connectTimeoutMs: number;
  /** Whether texts of statements are remembered for the event log. */
  readonly logStatements: boolean;
  /** Rises when connections are to be renewed: those of an earlier one are not used again. */
  readonly generation: number;
  /** Every client whose socket may still be there. */
  readonly alive: Set<MeteredClient>;
  nextConnectionId(): number;
  connectionOpened(): void;
  connectionClosed(): void;
  connectFailed(error: Error): void;
}

/** The end of an attempt to connect that nobody needs any more; says nothing of the server. */
export class Unwanted extends Error {
  constructor() {
    super('no longer wanted');
  }
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
  _queryable: boolean;
  _ending: boolean;
  _queryQueue: unknown[];
}

/** Texts longer than this are cut in the event log. */
const longestStatement = 2000;
/** Says nothing of what a connection was used for. */
const housekeeping =
  /^\s*(begin|start transaction|commit|rollback|end|set|reset|discard|savepoint|release)\b/i;

/** `query` in whichever of its many forms. */
type AnyQuery = (this: unknown, ...args: unknown[]) => unknown;
const plainQuery = pg.Client.prototype.query as unknown as AnyQuery;

/**
 * A client that tells its pool's meter about the life of its connection. `pg-pool` makes clients
 * of the class in its `Client` option, so this sees every attempt; the pool's own events miss
 * those that fail, and fire for hand-overs that never happen.
 */
export class MeteredClient extends ExplicitClient implements EventSubject {
  readonly #home: ClientHome;
  #phase: 'new' | 'connecting' | 'open' | 'closed' = 'new';
  #broken = false;
  #givenUp: GivenUp | null = null;
  /** Names it within its pool. */
  readonly connectionId: number;
  readonly generation: number;
  /** Draws its share of the lifetime's jitter: 0 to 1. */
  readonly lot = Math.random();
  /** Monotonic time of the hand-over; negative while nobody holds it. */
  heldSinceMs = -1;
  /** Who holds it, or held it last. */
  holder: string | null = null;
  /** Text of the newest statement of its holder, while the profile wants it remembered. */
  statement: string | null = null;
  /** Whether this hold was reported as a suspected leak. */
  suspected = false;
  /** Monotonic times. */
  openedAtMs = 0;
  restedSinceMs = 0;
  uses = 0;
  /** Why it is being closed, for the event log. */
  removeReason: RemoveReason | null = null;
  /** Whether the pool counts it no more. */
  isRemoved = false;
  /** Its place among the clients at rest, the same each time it is. */
  seat: Seat | null = null;
  /** `server_version` as the login told it; poolers name themselves here on their consoles. */
  serverVersion = '';

  constructor(config: pg.ClientConfig & { home: ClientHome }) {
    super(config);
    this.#home = config.home;
    this.connectionId = config.home.nextConnectionId();
    this.generation = config.home.generation;
    // Also keeps an error on a client that is out from ending the process: `pg-pool` listens only
    // to clients at rest.
    this.on('error', (error) => this.noteBroken(error));
    this.on('notice', ({ severity, message }) => {
      this.#home.log.write('notice', this, null, `${severity ?? 'NOTICE'}: ${message?.slice(0, 500) ?? ''}`);
    });
    this.connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
      if (status.parameterName === 'server_version') this.serverVersion = status.parameterValue;
    });
  }

  get isConnecting(): boolean {
    return this.#phase === 'connecting';
  }

  /** The server's process, once the login told it. */
  get processId(): number | null {
    return (this as unknown as Internals).processID;
  }

  /** Whether it can still take statements. */
  get isUsable(): boolean {
    const { _queryable, _ending } = this as unknown as Internals;
    return this.#phase === 'open' && _queryable && !_ending;
  }

  /** Whether the server owes an answer, or statements stand in line. */
  get isBusy(): boolean {
    const { readyForQuery, _queryQueue } = this as unknown as Internals;
    return readyForQuery !== true || _queryQueue.length > 0;
  }

  get isInTransaction(): boolean {
    const status = this.getTransactionStatus();
    return status === 'T' || status === 'E';
  }

  /** `pg-pool` gives each client one listener for as long as it lives. */
  seatWith(idleListener: IdleListener): Seat {
    this.seat ??= { client: this, idleListener, timeoutId: undefined };
    return this.seat;
  }

  /** Server process and key while a statement runs: what it takes to cancel it. */
  get running(): { processId: number; secretKey: number } | null {
    const { readyForQuery, processID, secretKey } = this as unknown as Internals;
    if (this.#phase === 'connecting' || readyForQuery !== false) return null;
    return processID === null || secretKey === null ? null : { processId: processID, secretKey };
  }

  override connect(): Promise<pg.Client>;
  override connect(done: ConnectDone): void;
  override connect(done?: ConnectDone): Promise<pg.Client> | undefined {
    if (done === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error) => (error ? reject(error) : resolve(this)));
      });
    }
    const { meter, log, alive, connectTimeoutMs } = this.#home;
    const startedMs = meter.connectStarted();
    log.write('connecting', this);
    const timer = setTimeout(() => this.giveUpConnecting('timeout'), connectTimeoutMs);
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
        if (this.#givenUp !== 'unwanted')
          log.write('connect-failed', this, meter.sinceMs(startedMs), errorPayloadOf(error));
        this.#home.connectFailed(error);
      } else {
        this.#phase = 'open';
        this.openedAtMs = meter.connectSucceeded(startedMs);
        log.write('connect', this, this.openedAtMs - startedMs);
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
      this.#home.log.write('remove', this, null, null, this.#whyClosed());
      this.#home.connectionClosed();
    }
    if (done === undefined) return super.end();
    super.end(done);
  }

  /** Any of `pg`'s forms: callers see their types, which a class cannot repeat without copying them. */
  override query(...args: never[]): never {
    if (this.#home.logStatements) this.statement = textOf(args[0]) ?? this.statement;
    return plainQuery.apply(this, args) as never;
  }

  /** For the pool's own short statements. */
  ask(text: string): Promise<unknown> {
    return plainQuery.call(this, text) as Promise<unknown>;
  }

  /** After DISCARD ALL the server has none of the statements that `pg` believes are prepared. */
  forgetPreparedStatements(): void {
    (this.connection as unknown as { parsedStatements: object }).parsedStatements = {};
  }

  /** Tells the session again what connecting told it, after a reset took that back. */
  async tellSessionAgain(): Promise<void> {
    const { setUpSession } = this as { setUpSession?(): Promise<void> };
    await setUpSession?.call(this);
  }

  #whyClosed(): RemoveReason {
    return this.#broken ? 'broken' : (this.removeReason ?? 'discarded');
  }

  /** Counts the loss of the connection, once; a loss often shows more than once. */
  noteBroken(error: unknown): void {
    if (this.#phase !== 'open' || this.#broken) return;
    this.#broken = true;
    this.#home.meter.connectionBroke();
    this.#home.log.write('error', this, null, errorPayloadOf(error));
  }

  /** Ends the attempt to connect. It counts as a connect timeout, or, being unwanted, not at all. */
  giveUpConnecting(why: GivenUp): void {
    if (this.#phase !== 'connecting') return;
    this.#givenUp ??= why;
    this.destroySocket(why === 'timeout' ? new Error('timeout expired') : new Unwanted());
  }

  /** Ends the connection without a goodbye. */
  destroySocket(reason?: Error): void {
    this.hangUp(reason);
  }
}

/** What a statement says; null for one that has no text (a COPY's stream keeps its own) or only keeps house. */
function textOf(statement: unknown): string | null {
  const text =
    typeof statement === 'object' && statement !== null ? (statement as { text?: unknown }).text : statement;
  return typeof text === 'string' && !housekeeping.test(text) ? text.slice(0, longestStatement) : null;
}
