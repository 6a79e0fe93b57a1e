import { handleWhen, IterableBackoff, retry } from 'cockatiel';
import type { ErrorCode } from '#shared/contract/errors.ts';
import type { NamesTable } from '#shared/model/names.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { lookAtTable } from './names-table.ts';
import { inTransaction, type Queryable, type TransactionPool, type TransactionTerms } from './transaction.ts';

const firstNames = ['Sophia', 'Michael'];

/** Before the second and the third try. A server that restarts is back within two seconds or so. */
const pausesMs = [500, 1500];

const passing: ReadonlySet<ErrorCode> = new Set([
  'connect_timeout',
  'connection_lost',
  'connection_refused',
  'host_unreachable',
  'server_unavailable',
  'too_many_connections',
]);

/** "unique violation" in the catalog and "duplicate table": somebody else created it at this moment. */
const overtaken = new Set(['23505', '42P07']);

/**
 * Safe even where the connection broke during the commit: another try finds the table and its rows
 * and adds nothing.
 */
function isWorthRetrying(error: unknown): boolean {
  const known = databaseErrorOf(error);
  return known !== null && (passing.has(known.code) || overtaken.has(known.details.sqlState ?? ''));
}

async function create(client: Queryable): Promise<NamesTable> {
  // Two windows, or two Poolscopes, take turns here; any key will do that nobody else is likely to use.
  await client.query("select pg_advisory_xact_lock(hashtext('poolscope'), hashtext('names'))");
  const found = await lookAtTable(client);
  if (found.state === 'other') {
    const columns = found.columns.join(', ');
    const message = `There is a "names" with other columns (${columns}); Poolscope leaves it alone.`;
    const remedy = 'Use another database, or a user whose search path leads to another schema.';
    throw new EngineError('not_supported', message, { remedy });
  }
  if (found.state === 'absent') {
    await client.query('create table if not exists names (id serial primary key, name text not null)');
  }
  const fill = `insert into names (name)
    select name from unnest($1::text[]) with ordinality as first (name, position)
    where not exists (select from names) order by position`;
  await client.query(fill, [firstNames]);
  return await lookAtTable(client);
}

/** Creates the table with its first rows, in one transaction; three tries on passing failures. */
export async function createTable(
  poolOf: () => TransactionPool,
  terms: TransactionTerms,
  log: Logger,
): Promise<NamesTable> {
  const backoff = new IterableBackoff(pausesMs);
  const policy = retry(handleWhen(isWorthRetrying), { maxAttempts: pausesMs.length, backoff });
  policy.onRetry(({ attempt, delay }) => log.info({ attempt, delayMs: delay }, 'creating the table again'));
  try {
    return await policy.execute(() => inTransaction(poolOf(), terms, create), terms.signal);
  } catch (error) {
    // Between two tries nothing is under way that would say so by itself.
    if (databaseErrorOf(error)?.code !== 'cancelled') throwIfCancelled(terms.signal);
    throw error;
  }
}
