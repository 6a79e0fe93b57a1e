import type { Session, SessionKind, SessionState } from '#shared/model/sessions/session.ts';

const states: Record<string, SessionState> = {
  active: 'active',
  idle: 'idle',
  'idle in transaction': 'idleInTransaction',
  'idle in transaction (aborted)': 'idleInTransactionAborted',
};

const kinds: Record<string, SessionKind> = {
  'client backend': 'client',
  'parallel worker': 'parallelWorker',
  walsender: 'walSender',
  'autovacuum worker': 'autovacuum',
  'logical replication worker': 'logicalWorker',
  'logical replication parallel worker': 'logicalWorker',
  'logical replication apply worker': 'logicalWorker',
  'logical replication tablesync worker': 'logicalWorker',
};

/** The server is another's: what is not of the type expected counts as unknown. */
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const wholeNumber = (value: unknown): number | null => {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.round(number) : null;
};

function kindOf(backendType: string | null, database: string | null, user: string | null): SessionKind {
  if (backendType !== null) return kinds[backendType] ?? 'background';
  // Hidden from this role: clients have a database and a user, the server's own have not both.
  return database !== null && user !== null ? 'client' : 'background';
}

/** A row of `sessionColumns`; null when it has no process id. */
export function sessionFrom(row: readonly unknown[]): Session | null {
  const pid = wholeNumber(row[0]);
  if (pid === null) return null;
  const backendType = text(row[7]);
  const database = text(row[8]);
  const user = text(row[9]);
  const visible = backendType !== null;
  const state = text(row[14]);
  return {
    pid,
    backendStartUs: wholeNumber(row[1]),
    leaderPid: wholeNumber(row[2]),
    clientPort: wholeNumber(row[3]),
    xactStartMs: wholeNumber(row[4]),
    queryStartMs: wholeNumber(row[5]),
    stateChangeMs: wholeNumber(row[6]),
    kind: kindOf(backendType, database, user),
    backendType,
    database,
    user,
    application: text(row[10]) ?? '',
    clientAddress: text(row[11]),
    waitEventType: text(row[12]),
    waitEvent: text(row[13]),
    state: !visible ? 'unknown' : state === null ? 'other' : (states[state] ?? 'other'),
    queryId: text(row[15]),
    query: visible ? text(row[16]) : null,
    visible,
  };
}

/** What pg_stat_database has counted since its statistics began, at one moment. */
export interface DatabaseCounts {
  database: string;
  sessions: number;
  /** Commits, rollbacks, deadlocks, sessions, abandoned, fatal, killed; null where not counted. */
  counters: (number | null)[];
}

export interface DatabasesAnswer {
  serverNowMs: number;
  /** Who waits for a lock, where pg_stat_activity does not tell. */
  waiters: number[] | null;
  databases: DatabaseCounts[];
}

const float = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

export function databasesFrom(rows: readonly unknown[][]): DatabasesAnswer {
  const waiters = rows[0]?.[1];
  return {
    serverNowMs: float(rows[0]?.[0]) ?? 0,
    waiters: Array.isArray(waiters) ? waiters.filter((pid) => typeof pid === 'number') : null,
    databases: rows.map((row) => ({
      database: text(row[2]) ?? '',
      sessions: wholeNumber(row[3]) ?? 0,
      counters: row.slice(4).map(float),
    })),
  };
}

export interface NamedLimitRow {
  kind: 'role' | 'database';
  name: string;
  limit: number;
}

export function namedLimitsFrom(rows: readonly unknown[][]): NamedLimitRow[] {
  return rows.flatMap(([kind, name, limit]) =>
    (kind === 'role' || kind === 'database') && typeof name === 'string' && typeof limit === 'number'
      ? [{ kind, name, limit }]
      : [],
  );
}
