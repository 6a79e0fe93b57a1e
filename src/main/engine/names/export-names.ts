import type { NameSearch } from '#shared/model/names.ts';
import type { Column } from '../exporter/index.ts';
import { qualified } from './names-table.ts';
import { andAlso, matching } from './rows.ts';
import type { Queryable } from './transaction.ts';

/** A row with the whole name, however long somebody made it. */
export interface FullRow {
  id: number;
  name: string;
}

/** Rows a page: few enough that one never holds a connection for long. */
const exportedPage = 5000;

export const exportedColumns: readonly Column<FullRow>[] = [
  { name: 'id', kind: 'whole', cell: ({ id }) => id },
  { name: 'name', kind: 'string', cell: ({ name }) => name },
];

async function readFullRows(
  client: Queryable,
  schema: string,
  search: NameSearch | null,
  afterId: number | null,
): Promise<FullRow[]> {
  const all = matching(search);
  const where = afterId === null ? all : andAlso(all, 'id > ?', afterId);
  const text = `select id, name from ${qualified(schema)} where ${where.sql} order by id limit ${exportedPage}`;
  return (await client.query<{ id: number; name: string }>(text, where.values)).rows;
}

/**
 * All rows that match, page by page, each in a transaction of its own: a slow taker keeps no
 * connection and no snapshot. A row that changes meanwhile is in it as it was when its page was read.
 */
export async function* exportedRows(
  schema: string,
  search: NameSearch | null,
  inTransaction: <T>(work: (client: Queryable) => Promise<T>) => Promise<T>,
): AsyncGenerator<readonly FullRow[]> {
  let afterId: number | null = null;
  for (;;) {
    const from: number | null = afterId;
    const page: FullRow[] = await inTransaction((client) => readFullRows(client, schema, search, from));
    yield page;
    if (page.length < exportedPage) return;
    afterId = page.at(-1)?.id ?? null;
  }
}
