import type {
  BlockedSession,
  Blocker,
  Blocking,
  PreparedTransaction,
} from '#shared/model/sessions/blocking.ts';
import { type Session, sessionKey } from '#shared/model/sessions/session.ts';
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
  /** Names one wait: the same as long as the session waits in one statement for one kind of lock. */
  key: string;
}

/** Sessions that wait for a lock, longest first. @param hidden pids from pg_locks, where sight is limited */
export function waitersOf(sessions: readonly Session[], hidden: readonly number[] | null): Waiter[] {
  const isWaiting = new Set(hidden ?? []);
  return sessions
    .filter(({ pid, waitEventType }) => waitEventType === 'Lock' || isWaiting.has(pid))
    .map((session) => ({
      pid: session.pid,
      sinceMs: session.queryStartMs,
      key: `${sessionKey(session)} ${session.queryStartMs} ${session.waitEvent}`,
    }))
    .sort((a, b) => (a.sinceMs ?? Number.POSITIVE_INFINITY) - (b.sinceMs ?? Number.POSITIVE_INFINITY));
}

/** Who of them is looked at. */
export const lookedAt = (waiters: readonly Waiter[]): readonly Waiter[] => waiters.slice(0, mostLookedAt);

/** What pg_locks tells about a wait; it stays as it is while the wait lasts. */
export interface WaitDetails {
  lockType: string | null;
  lockMode: string | null;
  sinceMs: number | null;
  relation: string | null;
  /** Prepared transactions that hold what it waits for. */
  gids: string[];
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

const pidList = (waiters: readonly Waiter[]) => `'{${waiters.map(({ pid }) => pid).join(',')}}'::int[]`;

/**
 * What the waits are for. A prepared transaction has no process: pg_blocking_pids calls it 0. Its
 * locks stand in pg_locks without a pid, held together by the virtual transaction it once had; one
 * of them is on its own transaction id, by which pg_prepared_xacts names it.
 */
function detailsSql(waiters: readonly Waiter[], { hasPreparedTransactions, facts }: Look): string {
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
  return `WITH l AS MATERIALIZED (SELECT * FROM pg_locks)
    SELECT w.pid, w.locktype, w.mode, ${waitStart},
      CASE WHEN w.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        THEN w.relation::regclass::text END, ${gids}
    FROM l w WHERE NOT w.granted AND w.pid = ANY (${pidList(waiters)})`;
}

/** Who blocks these, what the new ones among them wait for, and what is prepared. */
export function blockingSql(waiters: readonly Waiter[], isNew: readonly Waiter[], look: Look): string {
  const statements = [`SELECT pid, pg_blocking_pids(pid) FROM unnest(${pidList(waiters)}) AS pid`];
  if (isNew.length > 0) statements.push(detailsSql(isNew, look));
  if (look.hasPreparedTransactions) {
    statements.push(
      `SELECT gid, owner::text, database::text, date_part('epoch', prepared) * 1000 FROM pg_prepared_xacts
       ORDER BY prepared LIMIT 200`,
    );
  }
  return statements.join('; ');
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const whole = (value: unknown): number | null => (typeof value === 'number' ? Math.round(value) : null);

/** By process id. */
export const detailsFrom = (rows: Rows): Map<unknown, WaitDetails> =>
  new Map(
    rows.map(([pid, lockType, lockMode, sinceMs, relation, gids]) => [
      pid,
      {
        lockType: text(lockType),
        lockMode: text(lockMode),
        sinceMs: whole(sinceMs),
        relation: text(relation),
        gids: Array.isArray(gids) ? gids.filter((gid) => typeof gid === 'string') : [],
      },
    ]),
  );

export const preparedFrom = (rows: Rows): PreparedTransaction[] =>
  rows.map(([gid, owner, database, atMs]) => ({
    gid: text(gid) ?? '',
    owner: text(owner) ?? '',
    database: text(database) ?? '',
    preparedAtMs: whole(atMs) ?? 0,
  }));

/** @param edges what pg_blocking_pids said of each waiter */
export function blockingFrom(
  edges: Rows,
  waiters: readonly Waiter[],
  detailsOf: (waiter: Waiter) => WaitDetails | undefined,
  prepared: PreparedTransaction[],
): Blocking {
  const waiterOf = new Map(waiters.map((waiter) => [waiter.pid, waiter]));
  const blocked = edges.flatMap(([pid, blockerPids]): BlockedSession[] => {
    const waiter = waiterOf.get(pid as number);
    // One that nobody blocks has got its lock since, or has ended.
    if (waiter === undefined || !Array.isArray(blockerPids) || blockerPids.length === 0) return [];
    const details = detailsOf(waiter);
    return [
      {
        pid: waiter.pid,
        blockers: blockersFrom(blockerPids, details?.gids ?? [], prepared),
        sinceMs: details?.sinceMs ?? waiter.sinceMs,
        lockType: details?.lockType ?? null,
        lockMode: details?.lockMode ?? null,
        relation: details?.relation ?? null,
      },
    ];
  });
  return { blocked, prepared, notLookedAt: Math.max(0, waiters.length - mostLookedAt) };
}

function blockersFrom(
  pids: unknown[],
  gids: readonly string[],
  prepared: readonly PreparedTransaction[],
): Blocker[] {
  // A session may wait for several locks of one process, and for several that have none.
  const sessions = [...new Set(pids)].filter((pid) => typeof pid === 'number' && pid !== 0) as number[];
  const blockers: Blocker[] = sessions.map((pid) => ({ kind: 'session', pid }));
  if (!pids.includes(0)) return blockers;
  const only = prepared.length === 1 ? (prepared[0]?.gid ?? null) : null;
  if (gids.length === 0) blockers.push({ kind: 'prepared', gid: only });
  for (const gid of gids) blockers.push({ kind: 'prepared', gid });
  return blockers;
}
