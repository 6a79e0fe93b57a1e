import type { NamesTable } from '#shared/model/names.ts';
import type { Queryable } from './transaction.ts';

/**
 * One row in any case: what the search path makes of `names`, and what this user may do. A standby
 * takes no writes whatever the rights say. A table never analysed has reltuples -1 (0 before 14,
 * where an empty one cannot be told from an unknown one; its pages can).
 */
const look = `
  select c.oid is not null as "exists",
    c.relkind in ('r', 'p') as "isTable",
    coalesce(c.reltuples, -1)::float8 as "reltuples",
    coalesce(c.relpages, 0) as "pages",
    current_setting('server_version_num')::int as "serverVersion",
    not pg_is_in_recovery() and current_schema() is not null
      and has_schema_privilege(current_schema(), 'CREATE') as "mayCreate",
    not pg_is_in_recovery() and has_table_privilege(c.oid, 'INSERT') as "mayInsert",
    (select jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, null),
        'isKey', exists (select from pg_index i
          where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1 and i.indkey[0] = a.attnum)
      ) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as "columns"
  from (select to_regclass('names') as oid) target
  left join pg_class c on c.oid = target.oid`;

interface Look {
  exists: boolean;
  isTable: boolean | null;
  reltuples: number;
  pages: number;
  serverVersion: number;
  mayCreate: boolean;
  mayInsert: boolean | null;
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

function estimatedRows({ reltuples, pages, serverVersion }: Look): number | null {
  const neverAnalysed = reltuples < 0 || (serverVersion < 140_000 && reltuples === 0 && pages === 0);
  return neverAnalysed ? null : Math.round(reltuples);
}

/** What stands under the name `names` for this user and search path. */
export async function lookAtTable(client: Queryable): Promise<NamesTable> {
  const result = await client.query<Look>(look);
  const row = result.rows[0];
  if (row === undefined || !row.exists) return { state: 'absent', mayCreate: row?.mayCreate === true };
  if (isOurs(row))
    return { state: 'ready', estimatedRows: estimatedRows(row), mayAdd: row.mayInsert === true };
  return { state: 'other', columns: (row.columns ?? []).map(({ name, type }) => `${name} ${type}`) };
}
