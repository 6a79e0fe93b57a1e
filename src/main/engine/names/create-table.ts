import { handleWhen, IterableBackoff, retry } from 'cockatiel';
import type { ErrorCode } from '#shared/contract/errors.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { lookAtTable, qualified } from './names-table.ts';
import {
  type Answered,
  inTransaction,
  type Queryable,
  type TransactionPool,
  type TransactionTerms,
} from './transaction.ts';

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

async function create(client: Queryable, schema: string): Promise<void> {
  // Two windows, or two Poolscopes, take turns here; any key will do that nobody else is likely to use.
  await client.query("select pg_advisory_xact_lock(hashtext('poolscope'), hashtext('names'))");
  const { table } = await lookAtTable(client, schema);
  if (table.state === 'other') {
    const columns = table.columns.join(', ');
    const message = `There is a "names" with other columns (${columns}); Poolscope leaves it alone.`;
    throw new EngineError('not_supported', message, {
      remedy: 'Choose another schema, or another database.',
    });
  }
  const names = qualified(schema);
  if (table.state === 'absent') {
    await client.query(`create table if not exists ${names} (id serial primary key, name text not null)`);
  }
  const fill = `insert into ${names} (name)
    select name from unnest($1::text[]) with ordinality as first (name, position)
    where not exists (select from ${names}) order by position`;
  await client.query(fill, [firstNames]);
}

/** Creates the table with its first rows, in one transaction; three tries on passing failures. */
export async function createTable<T>(
  poolOf: () => TransactionPool,
  schema: string,
  terms: TransactionTerms,
  log: Logger,
  /** Looks at what is there then, within the same transaction. */
  look: (client: Queryable) => Promise<T>,
): Promise<Answered<T>> {
  const createAndLook = async (client: Queryable) => {
    await create(client, schema);
    return await look(client);
  };
  const backoff = new IterableBackoff(pausesMs);
  const policy = retry(handleWhen(isWorthRetrying), { maxAttempts: pausesMs.length, backoff });
  policy.onRetry(({ attempt, delay }) => log.info({ attempt, delayMs: delay }, 'creating the table again'));
  try {
    return await policy.execute(() => inTransaction(poolOf(), terms, createAndLook), terms.signal);
  } catch (error) {
    // Between two tries nothing is under way that would say so by itself.
    if (databaseErrorOf(error)?.code !== 'cancelled') throwIfCancelled(terms.signal);
    throw error;
  }
}
