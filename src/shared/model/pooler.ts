/**
 * What a pooler's console tells. Words: a *pooler* is PgBouncer or one of its kin; its *console* is
 * the admin database (`pgbouncer`) that answers SHOW; a *client* is an application's connection to
 * the pooler; a *server connection* is the pooler's own to PostgreSQL. Unknown is null, never 0:
 * columns that a version lacks are null here.
 */

/** Poolers whose consoles answer PgBouncer's commands. `other`: one that Poolscope does not know by name. */
export const poolerProducts = ['pgbouncer', 'pgcat', 'odyssey', 'pgdog', 'other'] as const;
export type PoolerProduct = (typeof poolerProducts)[number];

/** As users know them. */
export const poolerNames: Record<PoolerProduct, string> = {
  pgbouncer: 'PgBouncer',
  pgcat: 'PgCat',
  odyssey: 'Odyssey',
  pgdog: 'PgDog',
  other: 'Pooler',
};

/** A row of SHOW POOLS, with the size it may grow to. The console's own pool is left out. */
export interface PoolerPool {
  database: string;
  user: string;
  /** `session`, `transaction` or `statement`; null when the console does not say. */
  poolMode: string | null;
  /** Clients linked to a server connection, or idle with none to ask for: not all of them work. */
  clActive: number | null;
  /** Clients that sent something and wait for a server connection. */
  clWaiting: number | null;
  clActiveCancelReq: number | null;
  clWaitingCancelReq: number | null;
  /** Linked to a client. */
  svActive: number | null;
  svActiveCancel: number | null;
  svBeingCanceled: number | null;
  /** At rest, ready. */
  svIdle: number | null;
  /** At rest longer than `server_check_delay`: tested before the next use. Still open. */
  svUsed: number | null;
  svTested: number | null;
  svLogin: number | null;
  /** Server connections open or being opened: the sum of the `sv*` states above. Null when none is told. */
  svOpen: number | null;
  /** How long the client first in the queue has waited: `maxwait` and `maxwait_us` together. */
  maxwaitMs: number | null;
  /**
   * Most server connections this pool may have: `pool_size` of its user, else of its database, else
   * `default_pool_size`. The line above the stack of `sv*`.
   */
  poolSize: number | null;
  /** Added to `poolSize` when clients have waited for `reserve_pool_timeout`. */
  reservePoolSize: number | null;
}

/** A row of SHOW DATABASES. The console itself is left out. */
export interface PoolerDatabase {
  /** What clients ask for. */
  name: string;
  /** Where PostgreSQL is; null for a Unix socket, or when not told. */
  host: string | null;
  port: number | null;
  /** Its name on that server. */
  database: string | null;
  forceUser: string | null;
  poolSize: number | null;
  minPoolSize: number | null;
  reservePoolSize: number | null;
  poolMode: string | null;
  /** 0 is "no limit" here, as PgBouncer has it. */
  maxConnections: number | null;
  currentConnections: number | null;
  maxClientConnections: number | null;
  currentClientConnections: number | null;
  /**
   * Paused by its own name. A PAUSE of the whole pooler does not show here; see `PoolerStatus.state`
   * and `holds`.
   */
  paused: boolean | null;
  disabled: boolean | null;
}

/**
 * How the totals of SHOW STATS grew over a stretch of time; the console's own averages move once a
 * minute only. A figure is null where it is not known: the first sample, a restart of the pooler (its
 * totals start anew), a column that the console lacks.
 */
export interface PoolerGrowth {
  /** The time they grew over, by a monotonic clock; 0 when none of them is known. */
  overMs: number;
  transactions: number | null;
  queries: number | null;
  /** From clients. */
  receivedBytes: number | null;
  /** To clients. */
  sentBytes: number | null;
  /** Time that server connections spent in transactions, added up over all of them. */
  transactionMs: number | null;
  queryMs: number | null;
  /** Time that clients waited for a server connection, added up over all of them. */
  waitMs: number | null;
  /**
   * What to divide `waitMs` by: assignments of server connections where the pooler counts them (1.23
   * and later), transactions before. `avg_wait_time` means different things in different versions; this does not.
   */
  waits: number | null;
}

/** What happened in one database between two samples. */
export interface DatabaseGrowth extends PoolerGrowth {
  database: string;
}

/** One sample of a console, of the size of its pools, never of its clients. */
export interface PoolerTick {
  profileId: string;
  /** Wall clock at the end of the sample. */
  atMs: number;
  /** Monotonic time since the sample before; null for the first, and after a loss. */
  intervalMs: number | null;
  /** How long the console took over this sample. */
  refreshMs: number;
  pools: PoolerPool[];
  databases: PoolerDatabase[];
  /** One per database that has statistics. */
  growth: DatabaseGrowth[];
  /** All client connections and the most there may be (`max_client_conn`), from LISTS and CONFIG. */
  clients: number | null;
  maxClients: number | null;
}

/** A row of SHOW CONFIG. Values are text as the console prints them; null when absent. */
export interface PoolerSetting {
  key: string;
  value: string | null;
  /** Null when the console tells no default. */
  default: string | null;
  /** Whether `set` takes effect without a restart. PgBouncer answers "SET" to the others and does nothing. */
  changeable: boolean;
}
