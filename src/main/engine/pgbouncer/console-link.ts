import type pg from 'pg';
import { identityOf, type PoolerIdentity, versionIn } from '#shared/model/pooler-identity.ts';
import { EngineError } from '../base/errors.ts';
import { type ConsoleAnswer, ConsoleConnection } from './console-connection.ts';
import { notAConsole } from './console-errors.ts';

export interface ConsoleLinkOptions {
  /** What the profile is called, for sentences. */
  name: string;
  /** Where to connect and how to log in; asked again after an attempt that failed. */
  connectionConfig(signal: AbortSignal): Promise<pg.ClientConfig>;
  /** For a login. */
  timeoutMs: number;
  /** The connection broke; it is opened again by the next command. */
  onLost(): void;
}

/** The one connection that watches a console: opened when a command needs it, found out once. */
export class ConsoleLink {
  readonly #options: ConsoleLinkOptions;
  readonly #closing = new AbortController();
  #config: pg.ClientConfig | null = null;
  #current: Promise<ConsoleConnection> | null = null;
  #identity: PoolerIdentity | null = null;
  #isDatabase = false;
  /** The login that worked once was refused last: a password may have been changed meanwhile. */
  #isRefused = false;

  constructor(options: ConsoleLinkOptions) {
    this.#options = options;
  }

  /** Null until the first login. */
  get identity(): PoolerIdentity | null {
    return this.#identity;
  }

  /** Found out that no console is there, but a database. */
  get isDatabase(): boolean {
    return this.#isDatabase;
  }

  /** @throws EngineError as `ConsoleConnection` does, and `not_supported` when a database answers. */
  async ask(command: string, timeoutMs?: number): Promise<ConsoleAnswer> {
    const connection = await this.#connection();
    return await connection.ask(command, timeoutMs);
  }

  /** A connection beside this one, for a command that may take long. The caller ends it. */
  async openAnother(timeoutMs: number, signal = this.#closing.signal): Promise<ConsoleConnection> {
    // What has worked before: the profile may lead elsewhere by now, and a RESUME belongs here.
    const config = this.#config ?? (await this.#options.connectionConfig(signal));
    return await ConsoleConnection.open({ config, timeoutMs, signal });
  }

  /** Ends a login that is under way, and lets none begin. */
  stop(): void {
    this.#closing.abort(new EngineError('cancelled', 'Cancelled.'));
  }

  async end(deadlineMs: number): Promise<void> {
    this.stop();
    const connection = await this.#current?.catch(() => null);
    await connection?.end(deadlineMs);
  }

  async #connection(): Promise<ConsoleConnection> {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    this.#current ??= this.#open();
    return await this.#current;
  }

  async #open(): Promise<ConsoleConnection> {
    const { signal } = this.#closing;
    let connection: ConsoleConnection | null = null;
    try {
      const config =
        (this.#isRefused ? null : this.#config) ?? (await this.#options.connectionConfig(signal));
      connection = await ConsoleConnection.open({ config, timeoutMs: this.#options.timeoutMs, signal });
      this.#identity = await this.#identify(connection);
      this.#config = config;
      this.#isRefused = false;
      connection.onLost(() => {
        this.#current = null;
        if (!signal.aborted) this.#options.onLost();
      });
      // Between the answer and this line it may have gone.
      if (connection.isLost)
        throw new EngineError('connection_lost', 'The connection to the console was lost.');
      return connection;
    } catch (error) {
      this.#current = null;
      this.#isRefused = error instanceof EngineError && error.code === 'auth_failed';
      // A password or a setting may be mended meanwhile. What worked once is kept, for a RESUME.
      connection?.destroy();
      throw error;
    }
  }

  /** The login names PgBouncer at once; the others are asked. A database refuses SHOW VERSION. */
  async #identify(connection: ConsoleConnection): Promise<PoolerIdentity> {
    const { serverVersion } = connection;
    const told = identityOf(serverVersion);
    if (told?.product === 'pgbouncer') return told;
    try {
      const { rows } = await connection.ask('SHOW VERSION');
      const words = rows[0]?.find((cell) => cell !== null) ?? '';
      if (words === '') throw notAConsole(this.#options.name, serverVersion);
      return identityOf(words) ?? told ?? { product: 'other', version: versionIn(words) };
    } catch (error) {
      if (connection.isLost) throw error;
      if (told !== null) return told;
      this.#isDatabase = true;
      throw notAConsole(this.#options.name, serverVersion);
    }
  }
}
