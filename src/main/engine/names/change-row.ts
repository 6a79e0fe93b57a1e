import type { NameRow } from '#shared/model/names.ts';
import { EngineError } from '../base/errors.ts';
import { qualified } from './names-table.ts';
import { columns, rowFrom } from './rows.ts';
import type { Queryable } from './transaction.ts';

export type Change = { kind: 'done'; row: NameRow } | { kind: 'changed'; row: NameRow } | { kind: 'gone' };

/** Compared byte by byte, whatever the column's collation takes for equal. */
const holds = (name: string) => `convert_to(name, 'UTF8') = convert_to(${name}, 'UTF8')`;

export async function findRow(client: Queryable, schema: string, id: number): Promise<NameRow | null> {
  const { rows } = await client.query(`select ${columns} from ${qualified(schema)} where id = $1`, [id]);
  return rows[0] === undefined ? null : rowFrom(rows[0]);
}

export async function addRow(client: Queryable, schema: string, name: string): Promise<NameRow> {
  const text = `insert into ${qualified(schema)} (name) values ($1) returning ${columns}`;
  const { rows } = await client.query(text, [name]);
  if (rows[0] !== undefined) return rowFrom(rows[0]);
  throw stoodInTheWay('took the name but stored no row');
}

/** Answers what is there instead of the row that was to be changed. */
async function insteadOf(client: Queryable, schema: string, id: number, shown: string): Promise<Change> {
  const row = await findRow(client, schema, id);
  if (row === null) return { kind: 'gone' };
  if (row.isCut || row.name !== shown) return { kind: 'changed', row };
  throw stoodInTheWay('took the change but did not carry it out');
}

export async function updateRow(
  client: Queryable,
  schema: string,
  { id, from, to }: { id: number; from: string; to: string },
): Promise<Change> {
  const text = `update ${qualified(schema)} set name = $3 where id = $1 and ${holds('$2')} returning ${columns}`;
  const { rows } = await client.query(text, [id, from, to]);
  return rows[0] === undefined
    ? await insteadOf(client, schema, id, from)
    : { kind: 'done', row: rowFrom(rows[0]) };
}

export async function deleteRow(
  client: Queryable,
  schema: string,
  { id, name }: { id: number; name: string },
): Promise<Change> {
  const text = `delete from ${qualified(schema)} where id = $1 and ${holds('$2')} returning ${columns}`;
  const { rows } = await client.query(text, [id, name]);
  return rows[0] === undefined
    ? await insteadOf(client, schema, id, name)
    : { kind: 'done', row: rowFrom(rows[0]) };
}

/** Under its own id, which the table may be used to give out by itself. */
export async function restoreRow(
  client: Queryable,
  schema: string,
  { id, name }: { id: number; name: string },
): Promise<Change> {
  const text = `insert into ${qualified(schema)} (id, name) overriding system value values ($1, $2)
    on conflict (id) do nothing returning ${columns}`;
  const { rows } = await client.query(text, [id, name]);
  if (rows[0] !== undefined) return { kind: 'done', row: rowFrom(rows[0]) };
  const there = await findRow(client, schema, id);
  if (there === null) throw stoodInTheWay('took the row but did not store it');
  return { kind: 'changed', row: there };
}

const stoodInTheWay = (what: string) =>
  new EngineError('database_error', `The server ${what}; a rule or trigger may be in the way.`);
