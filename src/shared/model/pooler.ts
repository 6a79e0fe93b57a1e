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
 * What happened in one database between two samples, worked out of the totals of SHOW STATS; the
 * console's own averages move once a minute only. Every figure is null for the first sample, after a
 * restart of the pooler (its totals start anew), and where the console lacks the column.
 */
export interface PoolerRates {
  database: string;
  transactionsPerSecond: number | null;
  queriesPerSecond: number | null;
  /** From clients. */
  receivedBytesPerSecond: number | null;
  /** To clients. */
  sentBytesPerSecond: number | null;
  /** Server connections in a transaction, on average: Δxact_time / Δt. */
  busyServers: number | null;
  /** Clients in the queue, on average, even those that came and went between samples: Δwait_time / Δt. */
  waitingClients: number | null;
  meanTransactionMs: number | null;
  meanQueryMs: number | null;
  /**
   * Mean wait for a server connection: per assignment where the pooler counts them (1.23 and later),
   * per transaction before. `avg_wait_time` means different things in different versions; this does not.
   */
  meanWaitMs: number | null;
}

/** One sample of a console, of the size of its pools, never of its clients. */
export interface PoolerTick {
  profileId: string;
  /** Wall clock at the end of the sample. */
  atMs: number;
  /** Monotonic time since the sample before; null for the first, and after a loss. Rates stand on it. */
  intervalMs: number | null;
  /** How long the console took over this sample. */
  refreshMs: number;
  pools: PoolerPool[];
  databases: PoolerDatabase[];
  /** One per database that has statistics. */
  rates: PoolerRates[];
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
