import { escapeIdentifier } from 'pg';
import type { SchemaChoice } from '#shared/contract/names.ts';
import type { NamesTable } from '#shared/model/names.ts';
import type { Queryable } from './transaction.ts';

/** The table of a schema, as SQL names it. */
export const qualified = (schema: string): string => `${escapeIdentifier(schema)}.names`;

/**
 * What a table that was never analysed holds nobody knows: reltuples is -1 (0 before 14, where an
 * empty one cannot be told from an unknown one; its pages can). Else rows per page as last analysed
 * times the pages of now, as the planner estimates; the pages of partitions are not added up.
 */
export const estimate = (oid: string) => `(select case
    when e.reltuples < 0 or (e.reltuples = 0 and e.relpages = 0) then null
    when e.relpages = 0 or e.relkind = 'p' then e.reltuples
    else e.reltuples / e.relpages
      * (pg_relation_size(e.oid) / current_setting('block_size')::float8) end
  from pg_class e where e.oid = ${oid})::float8`;

/**
 * One row in any case: what the schema, or the search path, makes of `names`, and what this user may
 * do. A standby takes no writes whatever the rights say.
 */
const look = `
  select c.oid is not null as "exists",
    n.nspname as "schema",
    c.relkind in ('r', 'p') as "isTable",
    ${estimate('c.oid')} as "estimatedRows",
    coalesce($1, current_schema()) as "targetSchema",
    not pg_is_in_recovery() and coalesce((select has_schema_privilege(t.oid, 'CREATE')
      from pg_namespace t where t.nspname = coalesce($1, current_schema())), false) as "mayCreate",
    not pg_is_in_recovery() and has_table_privilege(c.oid, 'INSERT') as "mayInsert",
    not pg_is_in_recovery() and has_table_privilege(c.oid, 'UPDATE') as "mayUpdate",
    not pg_is_in_recovery() and has_table_privilege(c.oid, 'DELETE') as "mayDelete",
    (select jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, null),
        'isKey', exists (select from pg_index i
          where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1 and i.indkey[0] = a.attnum)
      ) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as "columns"
  from (select case when $1::text is null then to_regclass('names')
    else (select o.oid from pg_class o join pg_namespace s on s.oid = o.relnamespace
      where s.nspname = $1 and o.relname = 'names' and has_schema_privilege(s.oid, 'USAGE')) end as oid) target
  left join pg_class c on c.oid = target.oid
  left join pg_namespace n on n.oid = c.relnamespace`;

/** Schemas that this user may look into, without those of the system and of sessions. */
const listSchemas = `
  select s.nspname as "name",
    not pg_is_in_recovery() and has_schema_privilege(s.oid, 'CREATE') as "mayCreate",
    exists (select from pg_class c where c.relnamespace = s.oid and c.relname = 'names'
      and c.relkind in ('r', 'p')) as "hasNames"
  from pg_namespace s
  where s.nspname !~ '^pg_' and s.nspname <> 'information_schema' and has_schema_privilege(s.oid, 'USAGE')
  order by s.nspname limit 1000`;

interface Look {
  exists: boolean;
  schema: string | null;
  isTable: boolean | null;
  estimatedRows: number | null;
  targetSchema: string | null;
  mayCreate: boolean;
  mayInsert: boolean | null;
  mayUpdate: boolean | null;
  mayDelete: boolean | null;
  columns: { name: string; type: string; isKey: boolean }[] | null;
}

const nameTypes = new Set(['text', 'character varying']);

/** Two columns in any order: a 4-byte `id`, as `serial` is, that is the primary key, and a text `name`. */
function isOurs({ isTable, columns }: Look): boolean {
  if (isTable !== true || columns?.length !== 2) return false;
  const id = columns.find(({ name }) => name === 'id');
  const name = columns.find((column) => column.name === 'name');
  return (
    id !== undefined && name !== undefined && id.isKey && id.type === 'integer' && nameTypes.has(name.type)
  );
}

export const wholeEstimate = (rows: number | null): number | null =>
  rows === null ? null : Math.max(0, Math.round(rows));

function tableOf(row: Look | undefined): NamesTable {
  if (row === undefined || !row.exists) return { state: 'absent', mayCreate: row?.mayCreate === true };
  const schema = row.schema ?? '';
  if (!isOurs(row)) {
    return {
      state: 'other',
      schema,
      columns: (row.columns ?? []).map(({ name, type }) => `${name} ${type}`),
    };
  }
  return {
    state: 'ready',
    schema,
    estimatedRows: wholeEstimate(row.estimatedRows),
    mayAdd: row.mayInsert === true,
    mayUpdate: row.mayUpdate === true,
    mayDelete: row.mayDelete === true,
  };
}

export interface Found {
  table: NamesTable;
  targetSchema: string | null;
}

/** What stands under the name `names` in a schema, or for null where the search path leads. */
export async function lookAtTable(client: Queryable, schema: string | null): Promise<Found> {
  const { rows } = await client.query<Look>(look, [schema]);
  return { table: tableOf(rows[0]), targetSchema: rows[0]?.targetSchema ?? null };
}

export async function schemasOf(client: Queryable): Promise<SchemaChoice[]> {
  return (await client.query<{ name: string; mayCreate: boolean; hasNames: boolean }>(listSchemas)).rows;
}
