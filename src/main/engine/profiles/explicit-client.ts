import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { EngineError } from '../base/errors.ts';
import type { ResolvedTls } from './connection-options.ts';
import type { ConnectionTerms, HostTerms } from './connection-terms.ts';
import { endsTheList, noHostLeft, parametersRefused, sessionParameterError } from './host-errors.ts';
import { type Asked, type Pooling, poolingOf } from './pooling-mode.ts';
import { unfitness } from './session-attributes.ts';
import { refuseSharedSession, setUpSession } from './session-setup.ts';
import { isTracked, type SessionTerms } from './session-terms.ts';

type ConnectDone = (error: Error | null) => void;
type RawConnection = EventEmitter & { stream: Duplex };

/** `pg` has these and its types do not; the tests of several hosts fail if they go. */
interface Internals {
  connection: RawConnection;
  connectionParameters: Record<string, unknown>;
  replication: unknown;
  host: string;
  port: number;
  ssl: ResolvedTls;
  sslNegotiation: string;
  password: string | (() => string | Promise<string>) | null;
  connectionTimeoutHandle?: NodeJS.Timeout;
  _connectionTimeoutMillis: number;
  getStartupConf(): Record<string, string>;
}
const inner = pg.Client.prototype as unknown as Internals;

/** Leaves the last host some time to say what is wrong before the whole attempt is given up. */
const share = 0.9;
const probeTimeoutMs = 5000;

export type ExplicitConfig = pg.ClientConfig & { terms?: ConnectionTerms };

/**
 * A client that takes nothing from PGOPTIONS and PGREPLICATION, which `pg` reads whenever its own
 * settings are empty and cannot be told to leave alone.
 *
 * With `terms` it also does what libpq does and `pg` does not: tries several hosts in order, leaves
 * a server that is not the kind wanted, and tells the session its settings, at login where the
 * other side takes them. All of that is part of `connect`, so whoever gets the client gets it ready.
 */
export class ExplicitClient extends pg.Client {
  readonly #config: ExplicitConfig;
  readonly #terms: ConnectionTerms | null;
  readonly #told = new Map<string, string>();
  readonly #givenUp = new AbortController();
  #sendsParameters = true;
  /** Attempts that fail on the way are nobody's business but ours. */
  #opening = false;

  constructor(config: ExplicitConfig = {}) {
    super(config);
    this.#config = config;
    this.#terms = config.terms ?? null;
    const own = this.#internals;
    own.connectionParameters.options = undefined;
    own.connectionParameters.replication = undefined;
    own.replication = undefined;
    own.connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
      this.#told.set(status.parameterName, status.parameterValue);
    });
  }

  override connect(): Promise<pg.Client>;
  override connect(done: ConnectDone): void;
  override connect(done?: ConnectDone): Promise<pg.Client> | undefined {
    if (done === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error) => (error ? reject(error) : resolve(this)));
      });
    }
    const terms = this.#terms;
    if (terms === null || isPlain(terms)) {
      super.connect(done);
      return;
    }
    this.#open(terms).then(() => done(null), done);
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'end' && this.#opening) return false;
    return super.emit(event as never, ...(values as never[]));
  }

  /** Ends the connection, or the attempt to open one, without a goodbye. */
  hangUp(reason?: Error): void {
    this.#givenUp.abort(reason);
    this.#internals.connection.stream.destroy(reason);
  }

  /**
   * Sets up the session anew, as `connect` does; for one that DISCARD ALL has put back, which keeps
   * what the login told and forgets what came after it: the role and what the connect SQL made.
   */
  async setUpSession(): Promise<void> {
    const session = this.#terms?.session ?? null;
    if (session === null) return;
    await this.#setUp(this.#terms as ConnectionTerms, session);
  }

  /** `pg` calls this for the startup message. */
  getStartupConf(): Record<string, string> {
    const parameters = this.#terms?.session?.parameters ?? [];
    const sent = parameters.filter(([name]) => this.#sendsParameters || isTracked(name));
    return { ...inner.getStartupConf.call(this), ...Object.fromEntries(sent) };
  }

  get #internals(): Internals {
    return this as unknown as Internals;
  }

  get #place(): string {
    return `${this.#internals.host}:${this.#internals.port}`;
  }

  async #open(terms: ConnectionTerms): Promise<void> {
    this.#opening = true;
    try {
      const [first] = terms.hosts;
      if (terms.hosts.length === 1 && first !== undefined) await this.#login(terms, first);
      else await this.#tryHosts(terms);
      if (terms.session !== null) await this.#setUp(terms, terms.session);
      this.#opening = false;
    } catch (error) {
      this.#opening = false;
      this.#letGo();
      throw error;
    }
  }

  /** Closes what was opened last, and tells of its end once, as `pg` does of every connection. */
  #letGo(): void {
    const { connection } = this.#internals;
    const tell = () => this.emit('end');
    detach(connection);
    if (connection.stream.closed) process.nextTick(tell);
    else connection.stream.once('close', tell);
    connection.stream.destroy();
  }

  /** Every host in turn; `prefer-standby` goes through the list once more and takes any. */
  async #tryHosts(terms: ConnectionTerms): Promise<void> {
    const passes = terms.targetSessionAttrs === 'prefer-standby' ? 2 : 1;
    const givenMs = this.#internals._connectionTimeoutMillis || terms.timeoutMs;
    const eachMs = Math.max(1, (Math.min(givenMs, terms.timeoutMs) * share) / (terms.hosts.length * passes));
    const reasons: { host: HostTerms; error: Error }[] = [];
    for (let pass = 1; pass <= passes; pass += 1) {
      const wanted = pass === 2 ? 'any' : terms.targetSessionAttrs;
      for (const host of terms.hosts) {
        try {
          await this.#tryHost({ ...terms, targetSessionAttrs: wanted }, host, eachMs);
          return;
        } catch (error) {
          if (this.#givenUp.signal.aborted || endsTheList(error)) throw error;
          if (pass === passes) reasons.push({ host, error: error as Error });
        }
      }
    }
    throw noHostLeft(reasons);
  }

  async #tryHost(terms: ConnectionTerms, host: HostTerms, limitMs: number): Promise<void> {
    const limit = AbortSignal.any([AbortSignal.timeout(Math.ceil(limitMs)), this.#givenUp.signal]);
    let tls: ResolvedTls;
    try {
      tls = await host.tls(limit);
    } catch (error) {
      if (limit.aborted && !this.#givenUp.signal.aborted) throw new Error('timeout expired');
      throw error;
    }
    this.#renew(host, tls);
    this.#internals._connectionTimeoutMillis = Math.ceil(limitMs);
    await this.#login(terms, host);
  }

  /** Logs in at the host the client is aimed at, and looks whether that is the server wanted. */
  async #login(terms: ConnectionTerms, host: HostTerms): Promise<void> {
    this.#sendsParameters = !terms.pooling.refusesParameters.has(this.#place);
    try {
      await this.#connectOnce();
    } catch (error) {
      if (!this.#sendsParameters || !parametersRefused(error))
        throw sessionParameterError(error, terms.session);
      terms.pooling.refusesParameters.add(this.#place);
      this.#sendsParameters = false;
      this.#renew(host, await host.tls(this.#givenUp.signal));
      await this.#connectOnce();
    }
    const reason = await unfitness(terms.targetSessionAttrs, this as never, this.#told);
    if (reason === null) return;
    const message = `The server will not do: ${reason}.`;
    const remedy = 'Name another host, or choose other session attributes.';
    throw new EngineError('server_unavailable', message, { remedy });
  }

  #connectOnce(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#givenUp.signal.aborted) return reject(givenUpError(this.#givenUp.signal));
      super.connect((error: Error | null) => (error ? reject(error) : resolve()));
    });
  }

  async #setUp(terms: ConnectionTerms, session: SessionTerms): Promise<void> {
    const parameters = this.#sendsParameters ? [] : session.parameters.filter(([name]) => !isTracked(name));
    const left = { ...session, parameters };
    if (parameters.length === 0 && session.role === '' && session.connectSql === '') return;
    // A pooler's console knows no sessions; whoever opened this will see what it is.
    if (this.#told.get('server_version')?.includes('bouncer')) return;
    const pooling = await terms.pooling.of(this.#place, () => this.#askPooling());
    if (pooling === 'transaction' || pooling === 'unknown') throw refuseSharedSession(left, pooling);
    await setUpSession(this as never, left);
  }

  #askPooling(): Promise<Pooling> {
    return poolingOf(this as unknown as Asked, async (work) => {
      const { terms: _, stream: __, ...config } = this.#config as ExplicitConfig & { stream?: unknown };
      const { host, port, ssl, sslNegotiation, password } = this.#internals;
      const other = new ExplicitClient({
        ...config,
        ...{ host, port, ssl, sslnegotiation: sslNegotiation, connectionTimeoutMillis: probeTimeoutMs },
        password: async () => (typeof password === 'function' ? await password() : (password ?? '')),
      } as ExplicitConfig);
      other.on('error', () => {});
      try {
        await other.connect();
        return await work(other as unknown as Asked);
      } finally {
        other.hangUp();
      }
    });
  }

  /**
   * Starts over with a socket of its own. `pg` means a client to connect once; all it keeps of an
   * attempt is put back here.
   */
  #renew({ host, port, password, negotiationWith }: HostTerms, tls: ResolvedTls): void {
    const own = this.#internals;
    const listeners = own.connection.listeners('parameterStatus') as ((...args: unknown[]) => void)[];
    clearTimeout(own.connectionTimeoutHandle);
    detach(own.connection);
    own.connection.stream.destroy();
    const sslNegotiation = negotiationWith(tls);
    Object.assign(this, { host, port, ssl: tls, sslNegotiation, password, ...beforeConnecting });
    Object.assign(own.connectionParameters, { host, port, ssl: tls });
    this.#told.clear();
    const { keepAlive, keepAliveInitialDelayMillis } = this.#config;
    const settings = { ssl: tls, sslNegotiation, keepAlive, keepAliveInitialDelayMillis };
    own.connection = new pg.Connection(settings as never) as unknown as RawConnection;
    for (const listener of listeners) own.connection.on('parameterStatus', listener);
  }
}

/** As the constructor of `pg`'s client leaves them. */
const beforeConnecting = {
  processID: null,
  secretKey: null,
  readyForQuery: undefined,
  _connecting: false,
  _connected: false,
  _connectionError: false,
  _connectionCallback: null,
  _queryable: true,
  _ended: false,
  _txStatus: null,
};

function detach(connection: RawConnection): void {
  connection.removeAllListeners();
  connection.on('error', () => {});
}

const isPlain = ({ hosts, targetSessionAttrs, session }: ConnectionTerms): boolean =>
  hosts.length === 1 && targetSessionAttrs === 'any' && session === null;

function givenUpError({ reason }: AbortSignal): Error {
  return reason instanceof Error && reason.name !== 'AbortError'
    ? reason
    : new Error('Connection terminated');
}
