import type { EventEmitter } from 'node:events';
import type pg from 'pg';
import { ExplicitClient } from '#engine/profiles/index.ts';
import { EngineError } from '../base/errors.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import { consoleErrorOf } from './console-errors.ts';

/** An answer as it came: names and types of columns, cells as text. */
export interface ConsoleAnswer {
  columns: { name: string; typeId: number }[];
  rows: (string | null)[][];
  tookMs: number;
}

/** `pg` has these and its types do not. */
interface Internals {
  connection: EventEmitter;
}

/** Cells stay text: what a column means is decided where it is read, by its name. */
const asText = { getTypeParser: () => (text: unknown) => text };

export interface ConsoleTerms {
  config: pg.ClientConfig;
  /** For the login, and for each command that does not say otherwise. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * One connection to a pooler's console. It speaks the simple protocol only, one command at a time,
 * for the console drops whoever prepares a statement. A command that takes too long ends the
 * connection: a cancel request would resume the whole pooler (PgBouncer takes it for that).
 */
export class ConsoleConnection {
  /** `server_version` as the login told it: "1.18.0/bouncer". */
  readonly serverVersion: string;
  readonly #client: ExplicitClient;
  readonly #timeoutMs: number;
  readonly #inTurn = createSerialQueue();
  #lost: Error | null = null;
  #ending = false;
  #onLost: (reason: Error) => void = () => {};

  private constructor(client: ExplicitClient, serverVersion: string, timeoutMs: number) {
    this.#client = client;
    this.serverVersion = serverVersion;
    this.#timeoutMs = timeoutMs;
    client.on('error', (error) => this.#lose(error));
    client.on('end', () => this.#lose(new Error('Connection terminated unexpectedly')));
  }

  /** Logs in. @throws EngineError, in the words of consoles. */
  static async open({ config, timeoutMs, signal }: ConsoleTerms): Promise<ConsoleConnection> {
    const client = new ExplicitClient({ ...config, connectionTimeoutMillis: timeoutMs });
    client.on('error', () => {});
    let serverVersion = '';
    const { connection } = client as unknown as Internals;
    connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
      if (status.parameterName === 'server_version') serverVersion = status.parameterValue;
    });
    const giveUp = () => client.hangUp(new Error('Connection terminated'));
    if (signal.aborted) throw signal.reason;
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await client.connect();
      return new ConsoleConnection(client, serverVersion, timeoutMs);
    } catch (error) {
      // `pg` leaves the socket open when the failure is on our side.
      client.hangUp();
      if (signal.aborted) throw signal.reason;
      throw consoleErrorOf(error, config.user);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Called once, when the connection is gone and nobody here ended it. */
  onLost(listener: (reason: Error) => void): void {
    this.#onLost = listener;
  }

  /**
   * Gives one command and waits for its answer, after those given before it.
   * @throws EngineError: `query_timeout`, and then the connection is gone; `connection_lost`; or the
   * console's refusal (`database_error`, `permission_denied`, `not_supported`).
   */
  ask(command: string, timeoutMs = this.#timeoutMs): Promise<ConsoleAnswer> {
    return this.#inTurn(async () => {
      if (this.#lost !== null) throw consoleErrorOf(this.#lost, this.#client.user);
      const startedMs = performance.now();
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        const error = tookTooLong(command, timeoutMs);
        late.reject(error);
        this.destroy(error);
      }, timeoutMs);
      try {
        const query = { text: command, rowMode: 'array' as const, types: asText };
        const answer = this.#client.query<(string | null)[]>(query as never);
        // Rejected by the destroyed socket after the race was over.
        answer.catch(() => {});
        const { fields, rows } = await Promise.race([answer, late.promise]);
        return {
          columns: (fields ?? []).map(({ name, dataTypeID }) => ({ name, typeId: dataTypeID })),
          rows: rows ?? [],
          tookMs: performance.now() - startedMs,
        };
      } catch (error) {
        throw consoleErrorOf(error, this.#client.user);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Says goodbye, and hangs up when nobody says it back. */
  async end(deadlineMs = 500): Promise<void> {
    this.#ending = true;
    if (this.#lost !== null) return;
    const timer = setTimeout(() => this.destroy(), deadlineMs);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
  }

  /** Hangs up at once. */
  destroy(reason: Error = new Error('Connection terminated')): void {
    this.#lose(reason);
    this.#client.hangUp();
  }

  #lose(reason: Error): void {
    if (this.#lost !== null) return;
    this.#lost = reason;
    if (!this.#ending) this.#onLost(reason);
  }
}

function tookTooLong(command: string, timeoutMs: number): EngineError {
  const [verb = command] = command.split(' ', 1);
  const what = verb === 'SHOW' ? command : verb;
  const message = `The console did not answer ${what} within ${timeoutMs / 1000} s.`;
  return new EngineError('query_timeout', message, {
    remedy: 'Check that the pooler is not stopped or overloaded; Poolscope keeps trying.',
  });
}
