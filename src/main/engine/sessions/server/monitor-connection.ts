import type { QueryArrayResult } from 'pg';
import { ExplicitClient } from '#engine/profiles/index.ts';
import { EngineError } from '../../base/errors.ts';
import { createSerialQueue } from '../../base/serial-queue.ts';

/** How the watcher's sessions are told from all others, here and in the server's own lists. */
export const monitorName = 'Poolscope monitor';

const connectDeadlineMs = 8000;
/** The server's own limits on each statement of ours. */
const statementLimitMs = 3000;
const lockLimitMs = 500;
/** A server that keeps its limits has answered by then; one that has not is gone or stuck. */
const graceMs = 2000;
const endDeadlineMs = 500;

const localLimits = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${statementLimitMs}; SET LOCAL lock_timeout = ${lockLimitMs}; `;

/** The rows of each statement of one request, as arrays in the order of its columns. */
export type Rows = unknown[][];

/** As `connectionTerms` of the profiles makes it. */
export type ConnectConfig = NonNullable<ConstructorParameters<typeof ExplicitClient>[0]>;

/**
 * The one connection of a watcher: one request at a time, each within limits that the server keeps,
 * with ours behind them. Reads only. Broken once anything about it is in doubt; then it is closed.
 */
export class MonitorConnection {
  readonly #client: ExplicitClient;
  readonly #inTurn = createSerialQueue();
  readonly #onLost: (error: Error) => void;
  #broken: Error | null = null;
  #serverVersion = '';
  #keepsLimits = false;

  private constructor(client: ExplicitClient, onLost: (error: Error) => void) {
    this.#client = client;
    this.#onLost = onLost;
    client.on('error', (error) => this.#break(error));
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'server_version') this.#serverVersion = String(parameterValue);
    });
    client.on('end', () => this.#break(new Error('Connection terminated unexpectedly')));
  }

  /**
   * @param onLost called once when the connection breaks after it was opened, unless `end` was called
   * @throws what `pg` throws
   */
  static async open(
    config: ConnectConfig,
    signal: AbortSignal,
    onLost: (error: Error) => void,
  ): Promise<MonitorConnection> {
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
    const client = new ExplicitClient({
      ...config,
      application_name: monitorName,
      connectionTimeoutMillis: connectDeadlineMs,
    });
    let opened = false;
    const connection = new MonitorConnection(client, (error) => {
      if (opened) onLost(error);
    });
    const abort = () => connection.#break(new EngineError('cancelled', 'Cancelled.'));
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
      opened = true;
      return connection;
    } catch (error) {
      await connection.end();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** As the server named it at login: poolers' consoles say what they are here. */
  get serverVersion(): string {
    return this.#serverVersion;
  }

  /** The process id the server gave at login: another one answers where a pooler stands between. */
  get loginPid(): number {
    return (this.#client as unknown as { processID: number }).processID;
  }

  /**
   * Sets the limits for the whole session. Only on a direct connection: behind a pooler they would
   * stay with a session that serves others next, so there every request brings its own.
   */
  async keepLimits(versionNum: number): Promise<void> {
    const idle = versionNum >= 140_000 ? 'SET idle_session_timeout = 0; ' : '';
    await this.ask(
      `${idle}SET idle_in_transaction_session_timeout = 10000; SET default_transaction_read_only = on; ` +
        `SET statement_timeout = ${statementLimitMs}; SET lock_timeout = ${lockLimitMs}`,
      'unlimited',
    );
    this.#keepsLimits = true;
  }

  /**
   * Sends statements, separated by semicolons, in one round trip, and answers with the rows of each
   * that returns any. The text must not hold anything of a user's.
   * @throws what `pg` throws; EngineError `query_timeout` when the server kept no limit
   */
  ask(statements: string, limits: 'limited' | 'unlimited' = 'limited'): Promise<Rows[]> {
    const local = limits === 'limited' && !this.#keepsLimits;
    const text = local ? `${localLimits}${statements}; COMMIT` : statements;
    return this.#inTurn(async () => {
      try {
        const answer = await this.#limited(() => this.#client.query({ text, rowMode: 'array' }));
        return resultsOf(answer)
          .filter(({ fields }) => fields.length > 0)
          .map(({ rows }) => rows);
      } catch (error) {
        if (local && this.#broken === null) {
          await this.#limited(() => this.#client.query('ROLLBACK')).catch(() => {});
        }
        throw error;
      }
    });
  }

  /** One statement with parameters. Not limited by the server behind a pooler: for short ones. */
  askWith(text: string, values: unknown[]): Promise<Rows> {
    return this.#inTurn(async () => {
      const answer = await this.#limited(() => this.#client.query({ text, values, rowMode: 'array' }));
      return resultsOf(answer)[0]?.rows ?? [];
    });
  }

  /** Says goodbye; a server that does not answer is cut off. */
  async end(): Promise<void> {
    this.#broken ??= new Error('Connection terminated');
    const ended = this.#client.end().catch(() => {});
    const timer = Promise.withResolvers<void>();
    const deadline = setTimeout(timer.resolve, endDeadlineMs);
    await Promise.race([ended, timer.promise]);
    clearTimeout(deadline);
    this.#destroy();
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#broken !== null) throw this.#broken;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const seconds = (statementLimitMs + graceMs) / 1000;
      const remedy = 'Check the load on the server and the network to it.';
      const message = `The server did not answer the watcher within ${seconds} s.`;
      const error = new EngineError('query_timeout', message, { remedy });
      late.reject(error);
      this.#break(error);
    }, statementLimitMs + graceMs);
    try {
      return await Promise.race([work(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #break(error: Error): void {
    if (this.#broken !== null) return;
    this.#broken = error;
    this.#destroy();
    this.#onLost(error);
  }

  #destroy(): void {
    this.#client.hangUp();
  }
}

/** `pg` gives an array of results for several statements, one result for one. */
function resultsOf(answer: unknown): QueryArrayResult<unknown[]>[] {
  return (Array.isArray(answer) ? answer : [answer]) as QueryArrayResult<unknown[]>[];
}
