import type { PoolClient } from 'pg';
import { Exchange, type Field, type RawConnection } from './exchange.ts';

/** Takes rows as they come. */
export interface RowSink {
  /** Called once, before any row; not for a statement without a result. */
  fields(fields: readonly Field[]): void;
  row(values: readonly (string | null)[]): void;
  /** True asks the sender to pause; `onDrained` is called when it may go on. */
  isFull(): boolean;
  onDrained(resume: () => void): void;
}

/** How a fetch ended. `suspended`: there are more rows. */
export type FetchEnd = { kind: 'suspended' } | { kind: 'complete'; tag: string | null };

interface Opening {
  /** Null where the statement was just described, and so is prepared. */
  statement: { text: string; types: number[] } | null;
  values: readonly (string | null)[];
}

class FetchExchange extends Exchange {
  end: FetchEnd = { kind: 'complete', tag: null };
  readonly #portal: string;
  readonly #rows: number;
  readonly #sink: RowSink;
  readonly #opening: Opening | null;
  #connection: RawConnection | null = null;
  #paused = false;
  onFirst: (() => void) | null;

  constructor(
    portal: string,
    rows: number,
    sink: RowSink,
    opening: Opening | null,
    onFirst: (() => void) | null,
  ) {
    super();
    this.#portal = portal;
    this.#rows = rows;
    this.#sink = sink;
    this.#opening = opening;
    this.onFirst = onFirst;
  }

  /** For a pool's event log, where its profile asks for statements. */
  get text(): string | undefined {
    return this.#opening?.statement?.text;
  }

  protected send(connection: RawConnection): void {
    this.#connection = connection;
    const portal = this.#portal;
    if (this.#opening !== null) {
      const { statement, values } = this.#opening;
      if (statement !== null) connection.parse(statement);
      connection.bind({ portal, values });
      connection.describe({ type: 'P', name: portal });
    }
    connection.execute({ portal, rows: this.#rows });
  }

  #first(): void {
    this.onFirst?.();
    this.onFirst = null;
  }

  override handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#sink.fields(fields);
  }

  override handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#first();
    this.#sink.row(fields);
    if (this.#paused || !this.#sink.isFull()) return;
    this.#paused = true;
    this.#connection?.stream.pause();
    this.#sink.onDrained(() => {
      this.#paused = false;
      this.#connection?.stream.resume();
    });
  }

  override handlePortalSuspended(): void {
    this.#first();
    this.end = { kind: 'suspended' };
  }

  override handleCommandComplete({ text }: { text: string }): void {
    this.#first();
    this.end = { kind: 'complete', tag: text };
  }
}

/**
 * A running statement on a client: rows in batches, each ended by a Sync, so that between two of
 * them the server is at rest and the statement can be left. Needs a transaction block around it
 * where there is more than one batch. Named, so that a statement in between does not close it.
 */
export class Portal {
  readonly #client: PoolClient;
  readonly #sink: RowSink;
  readonly #name: string;

  constructor(client: PoolClient, name: string, sink: RowSink) {
    this.#client = client;
    this.#name = name;
    this.#sink = sink;
  }

  /** Binds, runs, and takes the first rows; 0 takes all. @param onFirst at the first row, or the end */
  async open(opening: Opening, rows: number, onFirst: () => void): Promise<FetchEnd> {
    const exchange = new FetchExchange(this.#name, rows, this.#sink, opening, onFirst);
    await exchange.on(this.#client);
    return exchange.end;
  }

  async fetch(rows: number): Promise<FetchEnd> {
    const exchange = new FetchExchange(this.#name, rows, this.#sink, null, null);
    await exchange.on(this.#client);
    return exchange.end;
  }

  /** Lets go of a statement whose rows are not all wanted. */
  async close(): Promise<void> {
    await new CloseExchange(this.#name).on(this.#client);
  }
}

class CloseExchange extends Exchange {
  readonly #portal: string;

  constructor(portal: string) {
    super();
    this.#portal = portal;
  }

  protected send(connection: RawConnection): void {
    connection.close({ type: 'P', name: this.#portal });
  }
}
