/** What does not change while the watcher's connection lives. */
export interface ServerFacts {
  /** As `server_version_num`: 180001. */
  versionNum: number;
  /** As the server writes it: "18.1". */
  version: string;
  /** Of the watcher's connection. */
  user: string;
  database: string;
  isStandby: boolean;
  /** Server clock. */
  startedAtMs: number;
  /** True when a pooler stands between: the address then names the pooler, and its limits come first. */
  behindPooler: boolean;
}

/** What the watcher's role may see and do. Each sentence of SQL is complete and safe to copy. */
export interface Sight {
  /** False when state, waits, times, addresses and queries of other roles' sessions are hidden. */
  full: boolean;
  /** `GRANT pg_monitor TO "role"`; null when sight is full. */
  sightGrant: string | null;
  /** Whether it may cancel and terminate other roles' sessions (never superusers' unless it is one). */
  maySignal: boolean;
  /** `GRANT pg_signal_backend TO "role"`; null when it may. */
  signalGrant: string | null;
  isSuperuser: boolean;
  /** Whether the server lets it into the slots kept for superusers or, from 16 on, for pg_use_reserved_connections. */
  mayUseReservedSlots: boolean;
  /** `GRANT pg_use_reserved_connections TO "role"` (16 on, where such slots are set aside), else null. */
  reservedGrant: string | null;
}

/** How many connections the server takes, and how many are taken. All of the whole server. */
export interface ConnectionLimits {
  maxConnections: number;
  superuserReserved: number;
  /** `reserved_connections`, 16 on; 0 before. */
  reserved: number;
  /** For everyone: `maxConnections` less both kinds of reserved slots. The line on the chart. */
  usable: number;
  /** Client sessions, the watcher's own included: it takes a slot, too. */
  taken: number;
  /** `usable` less `taken`; negative when reserved slots are in use. */
  left: number;
  /** Only those with a limit, fullest first. */
  roles: NamedLimit[];
  databases: NamedLimit[];
}

export interface NamedLimit {
  name: string;
  limit: number;
  /** Client sessions that count against it, the watcher's own included. */
  taken: number;
}

/**
 * What pg_stat_database counted in the interval, per second by its true length. A rate is null in
 * the first sample, after a reset of the statistics, and where the version does not count it.
 */
export interface DatabaseRates {
  database: string;
  sessions: number;
  commitsPerS: number | null;
  rollbacksPerS: number | null;
  deadlocksPerS: number | null;
  /** Sessions begun; this and the next three from 14 on. */
  sessionsPerS: number | null;
  /** Ended because the client went away without a word. */
  abandonedPerS: number | null;
  /** Ended by an error. */
  fatalPerS: number | null;
  /** Ended by an operator. */
  killedPerS: number | null;
}

export type Rates = Omit<DatabaseRates, 'database' | 'sessions'>;
export const rateNames = [
  'commitsPerS',
  'rollbacksPerS',
  'deadlocksPerS',
  'sessionsPerS',
  'abandonedPerS',
  'fatalPerS',
  'killedPerS',
] as const satisfies readonly (keyof Rates)[];
