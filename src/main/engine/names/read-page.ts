import type { NamesPage, PageAt, WatchedNames } from '#shared/contract/names.ts';
import type { NameSearch } from '#shared/model/names.ts';
import { estimate, qualified, wholeEstimate } from './names-table.ts';
import { andAlso, type Condition, columns, matching, rowFrom } from './rows.ts';
import type { Queryable } from './transaction.ts';

interface Span {
  where: Condition;
  order: 'asc' | 'desc';
  limit: number;
}

/** Rows by id, from either end of a condition, always in ascending order; and whether more follow. */
async function read(client: Queryable, schema: string, { where, order, limit }: Span) {
  const text = `select ${columns} from ${qualified(schema)} where ${where.sql}
    order by id ${order} limit $${where.values.length + 1}`;
  // One more than asked for tells whether there are more.
  const { rows } = await client.query(text, [...where.values, limit + 1]);
  const some = rows.slice(0, limit).map(rowFrom);
  return { rows: order === 'asc' ? some : some.reverse(), hasMore: rows.length > limit };
}

/** A page of the rows looked for. */
export async function readPage(
  client: Queryable,
  schema: string,
  search: NameSearch | null,
  at: PageAt,
  limit: number,
): Promise<Omit<NamesPage, 'served'>> {
  const all = matching(search);
  switch (at.kind) {
    case 'first':
    case 'after': {
      const where = at.kind === 'first' ? all : andAlso(all, 'id > ?', at.id);
      const { rows, hasMore } = await read(client, schema, { where, order: 'asc', limit });
      // The asker of rows after an id holds the row before them.
      return { rows, hasBefore: at.kind === 'after', hasAfter: hasMore };
    }
    case 'last':
    case 'before': {
      const where = at.kind === 'last' ? all : andAlso(all, 'id < ?', at.id);
      const { rows, hasMore } = await read(client, schema, { where, order: 'desc', limit });
      return { rows, hasBefore: hasMore, hasAfter: at.kind === 'before' };
    }
    case 'around': {
      const half = Math.ceil(limit / 2);
      const from = await read(client, schema, {
        where: andAlso(all, 'id >= ?', at.id),
        order: 'asc',
        limit: half,
      });
      const before = await read(client, schema, {
        where: andAlso(all, 'id < ?', at.id),
        order: 'desc',
        limit: Math.max(1, limit - from.rows.length),
      });
      return {
        rows: [...before.rows, ...from.rows],
        hasBefore: before.hasMore,
        hasAfter: from.hasMore,
      };
    }
  }
}

/** The rows from an id on, and what tells of the rest of the table. */
export async function watchRows(
  client: Queryable,
  schema: string,
  search: NameSearch | null,
  fromId: number,
  limit: number,
): Promise<Omit<WatchedNames, 'served'>> {
  const where = andAlso(matching(search), 'id >= ?', fromId);
  const { rows, hasMore } = await read(client, schema, { where, order: 'asc', limit });
  const names = qualified(schema);
  const rest = await client.query<{ newestId: number | null; estimatedRows: number | null }>(
    `select (select max(id) from ${names}) as "newestId", ${estimate('$1::regclass')} as "estimatedRows"`,
    [names],
  );
  const { newestId = null, estimatedRows = null } = rest.rows[0] ?? {};
  return { rows, hasAfter: hasMore, newestId, estimatedRows: wholeEstimate(estimatedRows) };
}

export async function countRows(
  client: Queryable,
  schema: string,
  search: NameSearch | null,
): Promise<number> {
  const { sql, values } = matching(search);
  const text = `select count(*)::float8 as count from ${qualified(schema)} where ${sql}`;
  return (await client.query<{ count: number }>(text, values)).rows[0]?.count ?? 0;
}
