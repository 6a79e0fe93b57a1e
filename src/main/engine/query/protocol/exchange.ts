import type { EventEmitter } from 'node:events';
import pg, { type PoolClient } from 'pg';
import { endsSession } from '../../pools/index.ts';

/** `pg`'s connection speaks the extended protocol message by message; its types leave these out. */
export interface RawConnection extends EventEmitter {
  parse(statement: { name?: string; text: string; types?: number[] }): void;
  bind(portal: { portal: string; values: readonly (string | null)[] }): void;
  describe(what: { type: 'P' | 'S'; name?: string }): void;
  execute(portal: { portal: string; rows: number }): void;
  close(what: { type: 'P' | 'S'; name?: string }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
  stream: { pause(): void; resume(): void };
}

/** A column as RowDescription tells of it. */
export interface Field {
  name: string;
  dataTypeID: number;
  dataTypeModifier: number;
}

/** Of Node's timers. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * One round of the extended protocol that ends with Sync: what is sent, and what comes back until
 * the server is ready again. `pg` hands messages to whatever its `query` was given, as it does for
 * its own cursors. Since every round ends with Sync, the session's transaction status is known after
 * each, and nothing the user wrote can follow it unseen.
 */
export abstract class Exchange {
  readonly #settled = Promise.withResolvers<void>();
  #error: Error | null = null;
  #stopListening = () => {};

  /** A run has a limit of its own, which stops it on the server too; the profile's query timeout is for the rest. */
  readonly query_timeout = longestTimerMs;

  protected abstract send(connection: RawConnection): void;

  /**
   * Runs it on a client at rest and settles when the server is ready for the next.
   * @throws the server's error, once it is ready again; or how the connection was lost
   */
  on(client: PoolClient): Promise<void> {
    client.query(this as unknown as pg.Submittable);
    return this.#settled.promise;
  }

  /** Called by `pg`, as all that follows. */
  submit(connection: RawConnection): void {
    const onReady = () => this.#settle();
    const onEnd = () => setImmediate(() => this.#settle(new Error('Connection terminated unexpectedly')));
    this.#stopListening = () => {
      connection.off('readyForQuery', onReady);
      connection.off('end', onEnd);
    };
    connection.once('readyForQuery', onReady);
    connection.once('end', onEnd);
    this.send(connection);
    connection.sync();
  }

  handleError(error: Error): void {
    this.#error ??= error;
    // Nothing more comes from a session that ends, nor over a broken connection.
    if (!(error instanceof pg.DatabaseError) || endsSession(error)) this.#settle();
  }

  /** `pg` puts what ends its timer here. */
  callback(): void {}

  handleReadyForQuery(): void {}
  handleRowDescription(_message: { fields: Field[] }): void {}
  handleDataRow(_message: { fields: (string | null)[] }): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(_message: { text: string }): void {}
  handleCopyData(): void {}

  handleCopyInResponse(connection: RawConnection): void {
    connection.sendCopyFail('Poolscope sends no data with a statement.');
  }

  #settle(otherwise: Error | null = null): void {
    this.#stopListening();
    this.callback();
    const error = this.#error ?? otherwise;
    if (error === null) this.#settled.resolve();
    else this.#settled.reject(error);
  }
}
