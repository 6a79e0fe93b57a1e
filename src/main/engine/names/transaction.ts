import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { InstrumentedPool } from '#engine/pools/index.ts';
import type { Served } from '#shared/contract/names.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';

/** The part of a client that work inside a transaction may use. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  /** Runs a `COPY … FROM STDIN` and answers with the rows that the server counted. */
  copyIn(text: string, data: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<number>;
}

export type TransactionPool = Pick<InstrumentedPool, 'connect' | 'discard' | 'isExhausted'>;

/** What the work came to, and how it was served. */
export interface Answered<T> {
  value: T;
  served: Served;
}

export interface TransactionTerms {
  /** Ends the wait for a connection or for an answer. */
  signal: AbortSignal;
  /** How long the server may work on one statement. */
  statementLimitMs: number;
  /** For one that writes: what may be left of it when nobody knows how it ended, in a sentence. */
  mayBeStored?: string;
}

/** A server that keeps its own limit answers before this is over; so one that does not is gone or stuck. */
const graceMs = 1000;
const lockLimitMs = 5000;

/** The caller went away, or the server did not keep its limit: the statement may be at work still. */
class GaveUp extends EngineError {}

const cancelled = ({ mayBeStored }: TransactionTerms) =>
  new GaveUp('cancelled', mayBeStored === undefined ? 'Cancelled.' : `Cancelled. ${mayBeStored}`);

function tookTooLong({ statementLimitMs, mayBeStored }: TransactionTerms): GaveUp {
  const seconds = (statementLimitMs + graceMs) / 1000;
  const message = `The server did not answer within ${seconds} s, nor did it keep its own time limit.`;
  if (mayBeStored === undefined) {
    const remedy = 'Check the load on the server and the network to it, then try again.';
    return new GaveUp('query_timeout', message, { remedy });
  }
  return new GaveUp('query_timeout', `${message} ${mayBeStored}`, { remedy: lookFirst });
}

const lookFirst = 'See what the table holds before you try again.';

/** Starts a statement and waits for its answer as long as the terms allow. @throws GaveUp. */
async function ask<A>(statement: () => Promise<A>, terms: TransactionTerms): Promise<A> {
  const { signal, statementLimitMs } = terms;
  if (signal.aborted) throw cancelled(terms);
  const given = Promise.withResolvers<never>();
  const cancel = () => given.reject(cancelled(terms));
  const timer = setTimeout(() => given.reject(tookTooLong(terms)), statementLimitMs + graceMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([statement(), given.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** Gives the client back: as good as new where the transaction could be undone, else to be closed. */
async function undo(pool: TransactionPool, client: PoolClient, failure: unknown, terms: TransactionTerms) {
  try {
    if (failure instanceof GaveUp) throw failure;
    await ask(() => client.query('rollback'), terms);
    client.release();
  } catch (error) {
    // Not waited for: a server that is stuck takes its time over this, too.
    if (error instanceof GaveUp) void pool.discard(client, error);
    else client.release(true);
  }
}

/** A connection lost during the commit: the same words, and that nobody knows whether it took effect. */
function withDoubt(error: unknown, { mayBeStored }: TransactionTerms): unknown {
  const known = databaseErrorOf(error);
  if (mayBeStored === undefined || known?.code !== 'connection_lost') return error;
  const details = { ...known.details, remedy: lookFirst };
  return new EngineError(known.code, `${known.message} ${mayBeStored}`, details, { cause: error });
}

async function takeClient(pool: TransactionPool, { signal }: TransactionTerms): Promise<PoolClient> {
  try {
    return await pool.connect({ signal, holder: 'names' });
  } catch (error) {
    // Nothing was asked of the server yet.
    throw signal.aborted ? new EngineError('cancelled', 'Cancelled.') : error;
  }
}

async function copyIn(client: PoolClient, text: string, data: Iterable<Buffer> | AsyncIterable<Buffer>) {
  const copy = client.query(copyFrom(text));
  await pipeline(Readable.from(data, { objectMode: true }), copy);
  return copy.rowCount;
}

/** Set inside the transaction only, so that poolers in between do not mind. */
const begin = (isWriting: boolean, statementLimitMs: number) =>
  `begin ${isWriting ? 'read write' : 'read only'}; set local statement_timeout = ${statementLimitMs};
   set local lock_timeout = ${lockLimitMs}; select pg_backend_pid() as pid`;

/** Poolers give out process ids of their own at login, so the server is asked. */
function processIdOf(results: unknown): number {
  const last = (results as QueryResult<{ pid: number }>[]).at(-1);
  return last?.rows[0]?.pid ?? 0;
}

/**
 * Runs work in one transaction with time limits, the server's own and ours behind it, so that neither
 * a locked table nor a stuck server holds a connection of the pool, or a caller, for ever. A failure
 * undoes everything and is thrown on; `cancelled` and `query_timeout` also stop the statement on the
 * server.
 */
export async function inTransaction<T>(
  pool: TransactionPool,
  terms: TransactionTerms,
  work: (client: Queryable) => Promise<T>,
): Promise<Answered<T>> {
  const askedMs = performance.now();
  const client = await takeClient(pool, terms);
  const servedMs = performance.now();
  const { statementLimitMs, mayBeStored } = terms;
  let isCommitting = false;
  try {
    const begun = await ask(
      () => client.query(begin(mayBeStored !== undefined, statementLimitMs)) as Promise<unknown>,
      terms,
    );
    const value = await work({
      query: (text, values) => ask(() => client.query(text, values), terms),
      copyIn: (text, data) => ask(() => copyIn(client, text, data), terms),
    });
    isCommitting = true;
    await ask(() => client.query('commit'), terms);
    client.release();
    const queryMs = performance.now() - servedMs;
    return { value, served: { waitMs: servedMs - askedMs, queryMs, processId: processIdOf(begun) } };
  } catch (error) {
    await undo(pool, client, error, terms);
    throw isCommitting ? withDoubt(error, terms) : error;
  }
}
