import * as z from 'zod/mini';
import type { CompletionCatalog } from '#shared/model/query-library.ts';
import type { Clock } from '../../base/clock.ts';
import type { QueryPool } from '../session.ts';
import { type Ask, askServer } from './ask-server.ts';

const keptMs = 5 * 60_000;
const timeoutMs = 5000;
const most = { relations: 5000, columns: 100_000, functions: 3000 };

const relationKinds = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
} as const;

const relationSchema = z.object({
  oid: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'v', 'm', 'f', 'p']),
});
const columnSchema = z.object({ oid: z.string(), name: z.string(), type: z.string() });
const functionSchema = z.object({
  schema: z.string(),
  name: z.string(),
  arguments: z.string(),
  returns: z.nullable(z.string()),
});
const nameSchema = z.object({ name: z.string() });

const searched = 'pg_catalog.unnest(pg_catalog.current_schemas(true)) AS searched (name)';

/** The user's own first: a large catalog must not crowd them out. */
const relations = `SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
    AND n.nspname !~ '^pg_(toast|temp_)' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  ORDER BY n.nspname IN ('pg_catalog', 'information_schema'), n.nspname, c.relname LIMIT $1`;
const columns = `SELECT a.attrelid::text AS oid, a.attname AS name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum LIMIT $2`;
/** Those that stand in expressions: no operators' helpers, no I/O functions of types. */
const functions = `SELECT n.nspname AS schema, p.proname AS name,
    pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
    pg_catalog.pg_get_function_result(p.oid) AS returns
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prorettype <> 'pg_catalog.internal'::pg_catalog.regtype
    AND NOT EXISTS (SELECT FROM pg_catalog.unnest(p.proargtypes) AS given (type)
      WHERE given.type IN ('pg_catalog.internal'::pg_catalog.regtype, 'pg_catalog.cstring'::pg_catalog.regtype))
    AND p.prorettype <> 'pg_catalog.cstring'::pg_catalog.regtype
    AND n.nspname !~ '^pg_(toast|temp_)' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  ORDER BY n.nspname IN ('pg_catalog', 'information_schema'), n.nspname, p.proname LIMIT $1`;
const schemas = `SELECT nspname AS name FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_(toast|temp_)' AND pg_catalog.has_schema_privilege(oid, 'USAGE') ORDER BY 1`;
const keywords = 'SELECT word AS name FROM pg_catalog.pg_get_keywords() ORDER BY 1';

const namesOf = (rows: unknown[]) => z.parse(z.array(nameSchema), rows).map(({ name }) => name);

async function readCatalog(ask: Ask, nowMs: number): Promise<CompletionCatalog> {
  const found = z.parse(z.array(relationSchema), (await ask(relations, [most.relations + 1])).rows);
  const listed = found.slice(0, most.relations);
  const oids = listed.map(({ oid }) => oid);
  const byRelation = new Map<string, { name: string; typeName: string }[]>();
  for (const row of z.parse(z.array(columnSchema), (await ask(columns, [oids, most.columns])).rows)) {
    const list = byRelation.get(row.oid) ?? [];
    list.push({ name: row.name, typeName: row.type });
    byRelation.set(row.oid, list);
  }
  const calls = z.parse(z.array(functionSchema), (await ask(functions, [most.functions + 1])).rows);
  return {
    takenAtMs: nowMs,
    searchPath: namesOf((await ask(`SELECT name FROM ${searched}`)).rows),
    schemas: namesOf((await ask(schemas)).rows),
    relations: listed.map(({ oid, schema, name, kind }) => ({
      schema,
      name,
      kind: relationKinds[kind],
      columns: byRelation.get(oid) ?? [],
    })),
    functions: calls.slice(0, most.functions).map((call) => ({ ...call, returns: call.returns ?? '' })),
    keywords: namesOf((await ask(keywords)).rows),
    truncated: found.length > most.relations || calls.length > most.functions,
  };
}

/** The catalogs of the databases in use, each asked for seldom: editors ask at every word. */
export class Completion {
  readonly #clock: Clock;
  readonly #known = new Map<string, { pool: QueryPool; catalog: CompletionCatalog }>();
  readonly #asked = new Map<string, Promise<CompletionCatalog>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async catalogOf(
    profileId: string,
    pool: QueryPool,
    refresh: boolean,
    signal: AbortSignal,
  ): Promise<CompletionCatalog> {
    const known = this.#known.get(profileId);
    const isFresh = known?.pool === pool && this.#clock.nowMs() - known.catalog.takenAtMs < keptMs;
    if (known !== undefined && isFresh && !refresh) return known.catalog;
    // Two editors that ask at once wait for one answer; it is worth having even if its asker leaves.
    const underWay = this.#asked.get(profileId);
    if (underWay !== undefined && !signal.aborted) return await underWay;
    const terms = { timeoutMs, signal: AbortSignal.timeout(timeoutMs * 4), clock: this.#clock };
    const asking = askServer(pool, terms, (ask) => readCatalog(ask, this.#clock.nowMs()));
    this.#asked.set(profileId, asking);
    try {
      const catalog = await asking;
      this.#known.set(profileId, { pool, catalog });
      return catalog;
    } finally {
      this.#asked.delete(profileId);
    }
  }

  forget(profileId: string): void {
    this.#known.delete(profileId);
  }
}
