/**
 * What a backend is, by `backend_type`. `background` is the server's own housekeeping (checkpointer,
 * launchers, io workers and what later versions add).
 */
export const sessionKinds = [
  'client',
  'parallelWorker',
  'walSender',
  'autovacuum',
  'logicalWorker',
  'background',
] as const;
export type SessionKind = (typeof sessionKinds)[number];

/**
 * `state` of pg_stat_activity. `unknown`: the role may not see it, which is never the same as idle.
 * `other`: fastpath function call, disabled (track_activities off), starting (18), or one not known yet.
 */
export const sessionStates = [
  'active',
  'idle',
  'idleInTransaction',
  'idleInTransactionAborted',
  'other',
  'unknown',
] as const;
export type SessionState = (typeof sessionStates)[number];

/** The server reuses process ids; together with the moment its backend started one names a session. */
export interface SessionRef {
  pid: number;
  /** Microseconds since the epoch by the server's clock. */
  backendStartUs: number;
}

/**
 * A server backend as pg_stat_activity lists it. Times are milliseconds since the epoch by the
 * server's clock: an age is the sample's `serverNowMs` less the time, so nothing here changes while
 * a session does nothing. Null is unknown or absent, never 0.
 */
export interface Session {
  pid: number;
  /** Null when the role may not see it; such a session cannot be acted upon. */
  backendStartUs: number | null;
  kind: SessionKind;
  /** `backend_type` in the server's words; null when not visible. */
  backendType: string | null;
  /** Of a parallel worker, from 13 on. */
  leaderPid: number | null;
  database: string | null;
  user: string | null;
  /** Empty when the client gave none. */
  application: string;
  /** Null for a Unix socket, and when not visible. */
  clientAddress: string | null;
  clientPort: number | null;
  state: SessionState;
  waitEventType: string | null;
  waitEvent: string | null;
  xactStartMs: number | null;
  queryStartMs: number | null;
  /** When the state last changed: the age of idle in transaction counts from here. */
  stateChangeMs: number | null;
  /** From 14 on, where compute_query_id is on. */
  queryId: string | null;
  /** The first 200 characters of the last statement; the whole of it by `sessions.queryText`. */
  query: string | null;
  /** False when the role may not see state, times, waits, address and query of this session. */
  visible: boolean;
}

/** Stable for the life of a session; a key for lists. */
export const sessionKey = ({ pid, backendStartUs }: Pick<Session, 'pid' | 'backendStartUs'>): string =>
  `${pid}:${backendStartUs ?? '?'}`;

/** Milliseconds in this state, for a session that is idle in a transaction; else null. */
export function idleInTransactionMs(session: Session, serverNowMs: number): number | null {
  if (session.state !== 'idleInTransaction' && session.state !== 'idleInTransactionAborted') return null;
  return session.stateChangeMs === null ? null : Math.max(0, serverNowMs - session.stateChangeMs);
}

/** Milliseconds since its transaction began; null outside one. */
export function transactionMs(session: Session, serverNowMs: number): number | null {
  return session.xactStartMs === null ? null : Math.max(0, serverNowMs - session.xactStartMs);
}
