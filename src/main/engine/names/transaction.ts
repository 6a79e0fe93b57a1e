import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { InstrumentedPool } from '#engine/pools/index.ts';

/** The part of a client that work inside a transaction may use. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
}

/** In force inside the transaction only, so that poolers between us and the server do not mind. */
const limits = `set local statement_timeout = '15s'; set local lock_timeout = '5s'`;

/** True when the connection is as good as new. */
async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs work in one transaction with time limits, so that a locked table cannot hold a connection
 * of the pool for ever. A failure undoes everything and is thrown on.
 */
export async function inTransaction<T>(
  pool: Pick<InstrumentedPool, 'connect'>,
  mode: 'read only' | 'read write',
  signal: AbortSignal,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const client = await pool.connect({ signal });
  try {
    await client.query(`begin ${mode}; ${limits}`);
    const answer = await work(client);
    await client.query('commit');
    client.release();
    return answer;
  } catch (error) {
    client.release((await rolledBack(client)) ? undefined : true);
    throw error;
  }
}
