import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type PoolClient, type QueryResult } from 'pg';
import * as z from 'zod/mini';
import type { InstrumentedPool } from '#engine/pools/index.ts';
import type { ErrorCode } from '#shared/contract/errors.ts';
import type { QueryMode } from '#shared/model/query.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';

export type QueryPool = Pick<InstrumentedPool, 'connect' | 'discard' | 'stopStatement' | 'tellSessionAgain'>;

/** A connection of the pool, lent to a statement or a transaction of the user. */
export interface QuerySession {
  pool: QueryPool;
  client: PoolClient;
  /** What the server calls it, also behind a pooler. */
  backendPid: number | null;
  waitMs: number;
  attempts: number;
}

export interface SessionTerms {
  /** `none` opens no transaction: for statements the server runs in no block. */
  block: QueryMode | 'none';
  timeoutMs: number;
  /** The server ends a transaction that idles for so long. */
  idleLimitMs: number;
  /** Whether to try again when the server cannot be reached: never while it is known to be down. */
  mayRetry: boolean;
  signal: AbortSignal;
  clock: Clock;
}

/** Before the second and the third try. */
const pausesMs = [250, 1000];
/** For our own short statements; a server that needs longer is stuck. */
const patienceMs = 10_000;

/** Failures to reach the server that often mend themselves. Nothing of the user's was sent yet. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'connection_lost',
  'connection_refused',
  'host_unreachable',
  'server_unavailable',
  'too_many_connections',
]);

const pidSchema = z.object({ pid: z.int() });

/** Waits for one of our own statements. @throws EngineError `query_timeout` */
async function inTime<T>(work: Promise<T>, what: string, limitMs = patienceMs): Promise<T> {
  const patience = new AbortController();
  const late = sleep(limitMs, undefined, { signal: patience.signal }).then(() => {
    const message = `The server did not ${what} within ${limitMs / 1000} s.`;
    const remedy = 'Check the load on the server and the network to it, then try again.';
    throw new EngineError('query_timeout', message, { remedy });
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}

const label =
  "pg_catalog.set_config('application_name', pg_catalog.left(pg_catalog.current_setting('application_name'), 55) || ' query'";

/**
 * The statement that begins. Reading something at once takes the transaction's snapshot, after which
 * the server lets nothing turn READ ONLY into READ WRITE (check_transaction_read_only in variable.c).
 */
function beginning({ block, timeoutMs, idleLimitMs }: SessionTerms): string {
  if (block === 'none') return `SELECT pg_catalog.pg_backend_pid() AS pid, ${label}, false)`;
  const mode = block === 'readOnly' ? 'READ ONLY' : 'READ WRITE';
  return `BEGIN TRANSACTION ${mode}; SET LOCAL statement_timeout = ${timeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${idleLimitMs};
    SELECT pg_catalog.pg_backend_pid() AS pid, ${label}, true)`;
}

/**
 * Takes a connection and begins. Tries again on connection errors, since nothing of the user's has
 * been sent. @throws `cancelled` at the signal, or what `connect` and the server throw
 */
export async function takeSession(poolOf: () => QueryPool, terms: SessionTerms): Promise<QuerySession> {
  const startedMs = terms.clock.monotonicMs();
  for (let attempts = 1; ; attempts += 1) {
    try {
      const pool = poolOf();
      // Further attempts are made here, where the user's run counts them.
      const client = await pool.connect({ signal: terms.signal, holder: 'query', mayRetry: false });
      const waitMs = terms.clock.monotonicMs() - startedMs;
      const backendPid = await begin(pool, client, terms);
      return { pool, client, backendPid, waitMs, attempts };
    } catch (error) {
      if (terms.signal.aborted) throw notSent();
      const pauseMs = pausesMs[attempts - 1];
      const isPassing = passing.has(databaseErrorOf(error)?.code ?? 'internal');
      if (!terms.mayRetry || !isPassing || pauseMs === undefined) throw withAttempts(error, attempts);
      await sleep(pauseMs, undefined, { signal: terms.signal }).catch(() => {
        throw notSent();
      });
    }
  }
}

const notSent = () => new EngineError('cancelled', 'Cancelled before the statement was sent.');

function withAttempts(error: unknown, attempts: number): unknown {
  const known = databaseErrorOf(error);
  if (known === null || attempts === 1) return error;
  return new EngineError(known.code, `${known.message} Tried ${attempts} times.`, known.details, {
    cause: error,
  });
}

async function begin(pool: QueryPool, client: PoolClient, terms: SessionTerms): Promise<number | null> {
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  const stop = () => stopped.reject(notSent());
  terms.signal.addEventListener('abort', stop, { once: true });
  try {
    const ask = (text: string) => {
      const asked = client.query(text) as unknown as Promise<QueryResult | QueryResult[]>;
      return Promise.race([inTime(asked, 'begin'), stopped.promise]);
    };
    const pid = z.safeParse(pidSchema, [await ask(beginning(terms))].flat().at(-1)?.rows[0]);
    const backendPid = pid.success ? pid.data.pid : null;
    // A pooler may give the server connection to others next, with whatever was set on it outside of a
    // transaction: their statements must not end at our limit. `Stoppable` watches over ours then.
    const isDirect = (client as unknown as { processID: number | null }).processID === backendPid;
    if (terms.block === 'none' && isDirect) await ask(`SET statement_timeout = ${terms.timeoutMs}`);
    return backendPid;
  } catch (error) {
    void letGo(pool, client, error as Error);
    throw error;
  } finally {
    terms.signal.removeEventListener('abort', stop);
  }
}

/**
 * Commits. False when the server rolled back instead. @param limitMs after which the server is taken for
 * gone: its own statement_timeout holds for a commit too, so it answers before.
 * @throws what the server throws; `connection_lost` when nobody knows whether it was committed
 */
export async function commit({ client }: QuerySession, limitMs: number): Promise<boolean> {
  try {
    const { command } = await inTime(client.query('COMMIT'), 'answer the commit', limitMs);
    return command !== 'ROLLBACK';
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw error;
    const known = databaseErrorOf(error);
    const message = known?.message ?? 'The connection to the server was lost during the commit.';
    throw new EngineError('connection_lost', message, known?.details ?? {}, { cause: error });
  }
}

/**
 * Gives a connection back as it came: no transaction, no setting, no lock, no temporary table of the
 * user's left on it. One that cannot be made so is closed. Never rejects.
 */
export async function giveBack({ pool, client }: QuerySession): Promise<void> {
  try {
    if (client.getTransactionStatus() !== 'I') await inTime(client.query('ROLLBACK'), 'roll back');
    await inTime(client.query('DISCARD ALL'), 'reset the session');
    await inTime(pool.tellSessionAgain(client), 'set up the session again');
    client.release();
  } catch (error) {
    await letGo(pool, client, error as Error);
  }
}

/** Closes a connection. Over one that is gone there is nothing to stop. */
async function letGo(pool: QueryPool, client: PoolClient, error: Error): Promise<void> {
  if (databaseErrorOf(error)?.code === 'connection_lost') client.release(error);
  else await pool.discard(client, error);
}
