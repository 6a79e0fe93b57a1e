import type { QueryMode, QueryRunState } from './query.ts';

/** A statement that was run. No results, no parameter values: those may be anything. */
export interface HistoryEntry {
  entryId: string;
  atMs: number;
  /** More than one when run on many databases. */
  profileIds: string[];
  text: string;
  parameterTypes: (string | null)[];
  mode: QueryMode;
  /** `failed` when it failed on any of them. */
  state: Extract<QueryRunState, 'done' | 'failed' | 'cancelled'>;
  /** Rows and the longest server time over all of them. */
  rows: number;
  serverMs: number | null;
}

/** A statement under a name; belongs to no connection. */
export interface SavedQuery {
  savedId: string;
  name: string;
  text: string;
  parameterTypes: (string | null)[];
  updatedAtMs: number;
}

/** What an editor completes with, as the server had it at `takenAtMs`. */
export interface CompletionCatalog {
  takenAtMs: number;
  /** Schemas that are searched for names without one, in order. */
  searchPath: string[];
  schemas: string[];
  relations: {
    schema: string;
    name: string;
    kind: 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table';
    columns: { name: string; typeName: string }[];
  }[];
  functions: { schema: string; name: string; arguments: string; returns: string }[];
  /** The server's own, lower case. */
  keywords: string[];
  /** There are more relations or functions than are listed here. */
  truncated: boolean;
}

/** One of the longest of this run of Poolscope, all connections; `serverMs` decides. */
export interface SlowRun {
  runId: string;
  profileId: string;
  /** At most 2,000 characters of it. */
  text: string;
  startedAtMs: number;
  state: Extract<QueryRunState, 'done' | 'failed' | 'cancelled'>;
  rows: number;
  waitMs: number;
  serverMs: number;
  transferMs: number;
}

export interface StatementStat {
  /** Text for queryid: it is a signed 8-byte number. */
  queryId: string | null;
  user: string | null;
  /** Constants replaced by $1…; null when this user may not see it. */
  text: string | null;
  calls: number;
  totalMs: number;
  meanMs: number;
  maxMs: number | null;
  rows: number;
  sharedHitBlocks: number;
  sharedReadBlocks: number;
  tempBlocks: number;
}

/** The server's own top list. Without it, `remedy` says in a sentence how to get it. */
export type StatementStats =
  | { state: 'ready'; version: string; sinceMs: number | null; statements: StatementStat[] }
  | { state: 'absent' | 'notLoaded' | 'notAllowed'; message: string; remedy: string };
