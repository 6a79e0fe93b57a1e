import * as z from 'zod/mini';
import type { StatementStat, StatementStats } from '#shared/model/query-library.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';
import type { QueryPool } from '../session.ts';
import { type Ask, type AskTerms, askServer } from './ask-server.ts';

export type StatementOrder = 'totalMs' | 'meanMs' | 'calls' | 'rows' | 'sharedReadBlocks';

const extensionSchema = z.object({ schema: z.string(), version: z.string() });
const columnSchema = z.object({ name: z.string() });
const number = z.coerce.number();
const rowSchema = z.object({
  query_id: z.nullable(z.string()),
  user_name: z.nullable(z.string()),
  query: z.nullable(z.string()),
  calls: number,
  total_ms: number,
  mean_ms: number,
  max_ms: z.nullable(number),
  rows: number,
  hit: number,
  read: number,
  temp: number,
});

const preload =
  'Add pg_stat_statements to shared_preload_libraries in postgresql.conf, restart the server, then run CREATE EXTENSION pg_stat_statements in this database.';

/** Columns by what the view has: times are `total_exec_time`… since 1.8 (PostgreSQL 13), `total_time`… before. */
function topList(schema: string, has: ReadonlySet<string>): string {
  const time = (name: string) => (has.has(`${name}_exec_time`) ? `s.${name}_exec_time` : `s.${name}_time`);
  const or = (name: string, otherwise: string) => (has.has(name) ? `s.${name}` : otherwise);
  const view = `"${schema.replaceAll('"', '""')}".pg_stat_statements`;
  // Own column names, so that ordering goes by these and by nothing a caller could write.
  return `SELECT ${or('queryid', 'NULL')}::text AS query_id, r.rolname AS user_name, s.query, s.calls,
      ${time('total')} AS total_ms, ${time('mean')} AS mean_ms, ${time('max')} AS max_ms, s.rows,
      s.shared_blks_hit AS hit, s.shared_blks_read AS read,
      s.temp_blks_read + s.temp_blks_written AS temp
    FROM ${view} s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid
    WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`;
}

const orders: Record<StatementOrder, string> = {
  totalMs: 'total_ms',
  meanMs: 'mean_ms',
  calls: 'calls',
  rows: 'rows',
  sharedReadBlocks: 'read',
};

/** What others may not see stands in place of the text, in English whatever the server speaks. */
const hidden = '<insufficient privilege>';
const longestText = 10_000;

function statFrom(row: unknown): StatementStat {
  const stat = z.parse(rowSchema, row);
  return {
    queryId: stat.query_id,
    user: stat.user_name,
    text: stat.query === null || stat.query === hidden ? null : stat.query.slice(0, longestText),
    calls: stat.calls,
    totalMs: stat.total_ms,
    meanMs: stat.mean_ms,
    maxMs: stat.max_ms,
    rows: stat.rows,
    sharedHitBlocks: stat.hit,
    sharedReadBlocks: stat.read,
    tempBlocks: stat.temp,
  };
}

async function sinceOf(ask: Ask, schema: string): Promise<number | null> {
  const view = `"${schema.replaceAll('"', '""')}".pg_stat_statements_info`;
  const exists = await ask('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS yes', [view]);
  if (exists.rows[0]?.yes !== true) return null;
  const { rows } = await ask(`SELECT extract(epoch FROM stats_reset)::float8 * 1000 AS since FROM ${view}`);
  const since = rows[0]?.since;
  return typeof since === 'number' ? since : null;
}

async function readStats(ask: Ask, orderBy: StatementOrder, limit: number): Promise<StatementStats> {
  const found = await ask(`SELECT n.nspname AS schema, e.extversion AS version FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`);
  if (found.rows[0] === undefined) {
    return {
      state: 'absent',
      message: 'This database does not have the extension pg_stat_statements, which keeps a top list.',
      remedy: preload,
    };
  }
  const { schema, version } = z.parse(extensionSchema, found.rows[0]);
  const listed = await ask(
    `SELECT a.attname AS name FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'pg_stat_statements' AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema],
  );
  const has = new Set(z.parse(z.array(columnSchema), listed.rows).map(({ name }) => name));
  const text = `${topList(schema, has)} ORDER BY ${orders[orderBy]} DESC NULLS LAST LIMIT $1`;
  const { rows } = await ask(text, [limit]);
  return { state: 'ready', version, sinceMs: await sinceOf(ask, schema), statements: rows.map(statFrom) };
}

/** The server's top list, or why there is none. @throws what else the server throws */
export async function statementStats(
  pool: QueryPool,
  terms: AskTerms,
  orderBy: StatementOrder,
  limit: number,
): Promise<StatementStats> {
  try {
    return await askServer(pool, terms, (ask) => readStats(ask, orderBy, limit));
  } catch (error) {
    const known = databaseErrorOf(error);
    // "must be loaded via shared_preload_libraries": object_not_in_prerequisite_state.
    if (known?.details.sqlState === '55000') {
      return {
        state: 'notLoaded',
        message: 'The extension pg_stat_statements is created here, but the server did not load its library.',
        remedy:
          'Add pg_stat_statements to shared_preload_libraries in postgresql.conf and restart the server.',
      };
    }
    if (known?.code !== 'permission_denied') throw error;
    return {
      state: 'notAllowed',
      message: 'The user of this connection may not read pg_stat_statements.',
      remedy: 'Ask an administrator: GRANT pg_read_all_stats TO this user.',
    };
  }
}
