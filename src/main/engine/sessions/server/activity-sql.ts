import type { Look } from './look.ts';

/** How much of a statement comes with each sample; the whole of it on demand. */
const previewCharacters = 200;

/** Microseconds since the epoch. The same expression everywhere, for it is compared for equality. */
export const backendStartUs = "(date_part('epoch', a.backend_start) * 1000000)::bigint";
const ms = (column: string) => `date_part('epoch', a.${column}) * 1000`;

/**
 * Every column a session is made of, in the order that `sessionFrom` reads them, with nulls for
 * what this version does not have. Statements that began before `queriesSinceMs` come without their
 * text, which is known from an earlier sample; null brings all.
 */
export function sessionColumns({ activityColumns }: Look, queriesSinceMs: number | null): string {
  const since =
    queriesSinceMs === null ? 'true' : `a.query_start >= to_timestamp(${queriesSinceMs / 1000}::float8)`;
  const ifThere = (column: string, type: string) =>
    activityColumns.has(column) ? `a.${column}::${type}` : `NULL::${type}`;
  return [
    'a.pid',
    backendStartUs,
    ifThere('leader_pid', 'int'),
    'a.client_port',
    ms('xact_start'),
    ms('query_start'),
    ms('state_change'),
    'a.backend_type',
    'a.datname',
    'a.usename',
    'a.application_name',
    'host(a.client_addr)',
    'a.wait_event_type',
    'a.wait_event',
    'a.state',
    ifThere('query_id', 'text'),
    `CASE WHEN ${since} THEN left(a.query, ${previewCharacters}) END`,
  ].join(', ');
}

/**
 * Two statements. The first: every session but our own, without those that have been idle, in or out
 * of a transaction, since before `sinceMs`: nothing about them can have changed, and on most servers
 * that is most of them. The second: who is there, for the rest. Both see one moment, for the server
 * copies its list once in a transaction.
 */
export function activitySql(look: Look, sinceMs: number | null): string {
  const unchanged = `a.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
    AND a.state_change < to_timestamp(${(sinceMs ?? 0) / 1000}::float8)`;
  // What is hidden is null, and comes each time.
  return `SELECT ${sessionColumns(look, sinceMs)} FROM pg_stat_activity a
      WHERE a.pid <> pg_backend_pid() AND (${unchanged}) IS NOT TRUE;
    SELECT array_remove(array_agg(pg_stat_get_backend_pid(id)), pg_backend_pid())
      FROM pg_stat_get_backend_idset() id`;
}

const databaseCounters = [
  'xact_commit',
  'xact_rollback',
  'deadlocks',
  'sessions',
  'sessions_abandoned',
  'sessions_fatal',
  'sessions_killed',
];

/**
 * The statistics of every database, with the server's clock in the first column. A role of limited
 * sight learns who waits from pg_locks (second column), which hides nothing.
 */
export function databasesSql({ databaseColumns, sight }: Look): string {
  const waiters = sight.full
    ? 'NULL::int[]'
    : '(SELECT array_agg(DISTINCT l.pid) FROM pg_locks l WHERE NOT l.granted)';
  const counters = databaseCounters.map((name) =>
    databaseColumns.has(name) ? `d.${name}::float8` : 'NULL::float8',
  );
  return `SELECT date_part('epoch', clock_timestamp()) * 1000, ${waiters}, d.datname, d.numbackends, ${counters.join(', ')}
    FROM pg_stat_database d WHERE d.datname IS NOT NULL`;
}

/** Roles and databases that have a limit of their own; on big hosts the tightest ones. */
export const namedLimitsSql = `(SELECT 'role', rolname::text, rolconnlimit FROM pg_roles
    WHERE rolconnlimit >= 0 AND rolcanlogin ORDER BY 3 LIMIT 200)
  UNION ALL (SELECT 'database', datname::text, datconnlimit FROM pg_database
    WHERE datconnlimit >= 0 ORDER BY 3 LIMIT 200)`;
