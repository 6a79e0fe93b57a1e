import * as z from 'zod/mini';
import type { Handlers } from '#shared/contract/define.ts';
import { mayBeStored, type namesRoutes } from '#shared/contract/names.ts';
import { type NameRow, nameRowSchema } from '#shared/model/names.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { createTable } from './create-table.ts';
import { lookAtTable } from './names-table.ts';
import { inTransaction, type Queryable, type TransactionPool, type TransactionTerms } from './transaction.ts';

interface NamesDeps {
  /** The profile's live pool. Throws `pool_closed`. */
  poolOf(profileId: string): TransactionPool;
  log: Logger;
  /** How long the server may work on one statement. */
  statementLimitMs?: number;
}

/** The table may have been changed since it was looked at, and a nullable `name` passes for one of ours. */
function rowFrom(stored: unknown): NameRow {
  const parsed = z.safeParse(nameRowSchema, stored);
  if (parsed.success) return parsed.data;
  const { id } = Object(stored) as { id?: unknown };
  const message = `Row ${String(id)} of the table "names" does not hold a whole number and a text.`;
  throw new EngineError('not_supported', message, { remedy: 'Mend or delete that row with another tool.' });
}

const page = 'select id, name from names where id > $1 order by id limit $2';
const firstPage = 'select id, name from names order by id limit $1';
const byId = 'select id, name from names where id = $1';
const add = 'insert into names (name) values ($1) returning id, name';

/** The table `names`, by way of the profile's own pool, so that its use shows on the charts. */
export function createNames({ poolOf, log, statementLimitMs = 15_000 }: NamesDeps): {
  handlers: Handlers<typeof namesRoutes>;
} {
  async function onTable<T>(
    profileId: string,
    terms: Omit<TransactionTerms, 'statementLimitMs'>,
    work: (client: Queryable) => Promise<T>,
  ): Promise<T> {
    try {
      return await inTransaction(poolOf(profileId), { statementLimitMs, ...terms }, work);
    } catch (error) {
      if (databaseErrorOf(error)?.details.sqlState !== '42P01') throw error;
      const details = { remedy: 'Create it on the Names tab; it may have been dropped.', sqlState: '42P01' };
      throw new EngineError('not_found', 'This database has no table "names".', details, { cause: error });
    }
  }

  return {
    handlers: {
      'names.table': ({ profileId }, { signal }) => onTable(profileId, { signal }, lookAtTable),
      'names.createTable': ({ profileId }, { signal }) =>
        createTable(
          () => poolOf(profileId),
          { signal, statementLimitMs, mayBeStored: mayBeStored.createTable },
          log,
        ),
      'names.list': ({ profileId, afterId, limit }, { signal }) =>
        onTable(profileId, { signal }, async (client) => {
          // One more than asked for tells whether there are more.
          const { rows } =
            afterId === null
              ? await client.query(firstPage, [limit + 1])
              : await client.query(page, [afterId, limit + 1]);
          return { rows: rows.slice(0, limit).map(rowFrom), hasMore: rows.length > limit };
        }),
      'names.find': ({ profileId, id }, { signal }) =>
        onTable(profileId, { signal }, async (client) => {
          const { rows } = await client.query(byId, [id]);
          return rows[0] === undefined ? null : rowFrom(rows[0]);
        }),
      // Never tried again by itself: a lost answer may belong to a row that was stored.
      'names.add': ({ profileId, name }, { signal }) =>
        onTable(profileId, { signal, mayBeStored: mayBeStored.add }, async (client) => {
          const { rows } = await client.query(add, [name]);
          if (rows[0] !== undefined) return rowFrom(rows[0]);
          const message = 'The server took the name but stored no row; a rule or trigger may be in the way.';
          throw new EngineError('database_error', message);
        }),
    },
  };
}
