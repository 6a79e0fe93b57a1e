import type {
  BlockedSession,
  Blocker,
  Blocking,
  PreparedTransaction,
} from '#shared/model/sessions/blocking.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { Look } from './look.ts';
import type { Rows } from './monitor-connection.ts';

/**
 * `pg_blocking_pids` stops the lock manager for a moment each time it is called (PostgreSQL's manual
 * says so), so it is called for sessions that wait, and for no more than these in one sample.
 */
const mostLookedAt = 100;

export interface Waiter {
  pid: number;
  /** Since when it may wait, for sorting; null when hidden. */
  sinceMs: number | null;
}

/** Sessions that wait for a lock, longest first. @param hidden pids from pg_locks, where sight is limited */
export function waitersOf(sessions: readonly Session[], hidden: readonly number[] | null): Waiter[] {
  const isWaiting = new Set(hidden ?? []);
  return sessions
    .filter(({ pid, waitEventType }) => waitEventType === 'Lock' || isWaiting.has(pid))
    .map(({ pid, queryStartMs }) => ({ pid, sinceMs: queryStartMs }))
    .sort((a, b) => (a.sinceMs ?? Number.POSITIVE_INFINITY) - (b.sinceMs ?? Number.POSITIVE_INFINITY));
}

/** One lock manager object: two locks that agree in all of these are on the same thing. */
const sameObject = [
  'locktype',
  'database',
  'relation',
  'page',
  'tuple',
  'virtualxid',
  'transactionid',
  'classid',
  'objid',
  'objsubid',
];

/**
 * Who blocks whom, and what for. A prepared transaction has no process: pg_blocking_pids calls it 0.
 * Its locks stand in pg_locks without a pid, held together by the virtual transaction it once had;
 * one of them is on its own transaction id, by which pg_prepared_xacts names it.
 */
export function blockingSql(waiters: readonly Waiter[], { hasPreparedTransactions, facts }: Look): string {
  const pids = waiters.slice(0, mostLookedAt).map(({ pid }) => pid);
  const list = `'{${pids.join(',')}}'::int[]`;
  const waitStart = facts.versionNum >= 140_000 ? "date_part('epoch', w.waitstart) * 1000" : 'NULL::float8';
  const gids = hasPreparedTransactions
    ? `(SELECT json_agg(DISTINCT p.gid) FROM l h
         JOIN l t ON t.pid IS NULL AND t.locktype = 'transactionid' AND t.granted
           AND t.virtualtransaction = h.virtualtransaction
         JOIN pg_prepared_xacts p ON p.transaction = t.transactionid
       WHERE h.pid IS NULL AND h.granted AND ${sameObject
         .map((column) => `h.${column} IS NOT DISTINCT FROM w.${column}`)
         .join(' AND ')})`
    : 'NULL::json';
  const statements = [
    `SELECT pid, pg_blocking_pids(pid) FROM unnest(${list}) AS pid`,
    `WITH l AS MATERIALIZED (SELECT * FROM pg_locks)
     SELECT w.pid, w.locktype, w.mode, ${waitStart},
       CASE WHEN w.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         THEN w.relation::regclass::text END, ${gids}
     FROM l w WHERE NOT w.granted AND w.pid = ANY (${list})`,
  ];
  if (hasPreparedTransactions) {
    statements.push(
      `SELECT gid, owner::text, database::text, date_part('epoch', prepared) * 1000 FROM pg_prepared_xacts
       ORDER BY prepared LIMIT 200`,
    );
  }
  return statements.join('; ');
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const whole = (value: unknown): number | null => (typeof value === 'number' ? Math.round(value) : null);

/** @param answers what `blockingSql` gave */
export function blockingFrom(answers: readonly Rows[], waiters: readonly Waiter[]): Blocking {
  const [edges = [], locks = [], preparedRows = []] = answers;
  const prepared: PreparedTransaction[] = preparedRows.map(([gid, owner, database, atMs]) => ({
    gid: text(gid) ?? '',
    owner: text(owner) ?? '',
    database: text(database) ?? '',
    preparedAtMs: whole(atMs) ?? 0,
  }));
  const lockOf = new Map(locks.map((row) => [row[0], row]));
  const sinceOf = new Map(waiters.map(({ pid, sinceMs }) => [pid, sinceMs]));
  const blocked = edges.flatMap(([pid, blockerPids]): BlockedSession[] => {
    // It has got its lock since, or has ended.
    if (typeof pid !== 'number' || !Array.isArray(blockerPids) || blockerPids.length === 0) return [];
    const [, lockType, lockMode, sinceMs, relation, gids] = lockOf.get(pid) ?? [];
    return [
      {
        pid,
        blockers: blockersFrom(blockerPids, Array.isArray(gids) ? gids : [], prepared),
        sinceMs: whole(sinceMs) ?? sinceOf.get(pid) ?? null,
        lockType: text(lockType),
        lockMode: text(lockMode),
        relation: text(relation),
      },
    ];
  });
  return { blocked, prepared, notLookedAt: Math.max(0, waiters.length - mostLookedAt) };
}

function blockersFrom(pids: unknown[], gids: unknown[], prepared: readonly PreparedTransaction[]): Blocker[] {
  // A session may wait for several locks of one process, and for several that have none.
  const sessions = [...new Set(pids)].filter((pid) => typeof pid === 'number' && pid !== 0) as number[];
  const blockers: Blocker[] = sessions.map((pid) => ({ kind: 'session', pid }));
  if (!pids.includes(0)) return blockers;
  const names = gids.filter((gid) => typeof gid === 'string');
  const only = prepared.length === 1 ? (prepared[0]?.gid ?? null) : null;
  if (names.length === 0) blockers.push({ kind: 'prepared', gid: only });
  for (const gid of names) blockers.push({ kind: 'prepared', gid });
  return blockers;
}
