import type { ErrorPayload } from '../contract/errors.ts';

/** Bounds of the query domain. Sizes of text are UTF-16 units, as `string.length` counts. */
export const queryLimits = {
  textChars: 500_000,
  parameters: 1000,
  /** Of the values of all parameters of a statement. */
  valueChars: 1_500_000,
  /** Rows of one window, as `query.rows` and `query.mergedRows` give them. */
  windowRows: 1000,
  /** A cell longer than this is cut in a window; `query.value` has the whole. */
  cellChars: 500,
  /** Of one answer of `query.value`. */
  valuePieceChars: 1_000_000,
  /** What the screen should ask for unless the user wants everything. */
  defaultRowLimit: 100_000,
  defaultTimeoutMs: 30_000,
  /** Results that nobody looked at for so long are dropped. */
  resultIdleMs: 15 * 60_000,
  /** An open transaction that does nothing for so long is rolled back. */
  defaultIdleLimitMs: 5 * 60_000,
  notices: 200,
  manyConcurrency: 4,
} as const;

/** Where in the text of a statement: `offset` from 0 (UTF-16, as editors count), line and column from 1. */
export interface TextPosition {
  offset: number;
  line: number;
  column: number;
}

/** How to show a column: numbers to the right, json and bytes with their own viewers. */
export type ColumnKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'json'
  | 'bytes'
  | 'time'
  | 'array'
  | 'text';

export interface ResultColumn {
  /** As the server names it; names may repeat and may be "?column?". */
  name: string;
  typeOid: number;
  /** As PostgreSQL writes it: `numeric(10,2)`, `timestamp with time zone`, `integer[]`, `mood`. */
  typeName: string;
  kind: ColumnKind;
}

/**
 * A value in the server's own text form (`t`, `{1,2}`, `\x00ff`, `2026-11-20 23:37:33+00`), exact;
 * null is SQL's null and '' the empty text. One that is cut says how long the whole is.
 */
export type ResultCell = string | null | { cut: string; chars: number };

/** A stretch of rows of a result. */
export interface ResultWindow {
  /** Index of the first row, from 0. */
  from: number;
  /** May be fewer than asked for: rows not here yet, or very long ones; the next window goes on from there. */
  rows: ResultCell[][];
  /** Rows that are here by now. */
  available: number;
  /** No more will come. */
  complete: boolean;
}

/**
 * `waiting`: for a connection of the pool. `running`: sent, no answer yet. `fetching`: first rows are
 * here, the others come in by themselves. The other three are final.
 */
export type QueryRunState = 'waiting' | 'running' | 'fetching' | 'done' | 'failed' | 'cancelled';

/** Why a result ends before its last row. */
export type CutShort = 'rowLimit' | 'spaceLimit' | null;

export interface QueryTiming {
  /** From asking the pool to the hand-over; null while waiting. */
  waitMs: number | null;
  /** From sending the statement to its first row, or to its end when it has none: the server's work and one round trip. */
  serverMs: number | null;
  /** From the first row to the last one read. */
  transferMs: number | null;
  /** From the request to the end of it all; null before. */
  totalMs: number | null;
}

export interface QueryNotice {
  /** NOTICE, WARNING, INFO… in the server's language. */
  severity: string;
  message: string;
  detail: string | null;
  hint: string | null;
}

/** One statement on one database, from request to last row. Results are asked for by its id. */
export interface QueryRun {
  runId: string;
  profileId: string;
  /** Set when it is part of a transaction the user opened. */
  transactionId: string | null;
  /** Set when it is one of a run on many databases. */
  manyId: string | null;
  mode: QueryMode;
  state: QueryRunState;
  startedAtMs: number;
  /** The session on the server that serves it (its pg_stat_activity.pid); null while waiting. */
  backendPid: number | null;
  /** Null until known; empty for a statement without a result. */
  columns: ResultColumn[] | null;
  /** Rows that are here. */
  rows: number;
  cutShort: CutShort;
  /** "SELECT", "INSERT"…; null until the end. */
  command: string | null;
  /** Rows that an INSERT, UPDATE, DELETE, MERGE… touched; null for others. */
  affectedRows: number | null;
  timing: QueryTiming;
  /** The first of them, at most `queryLimits.notices`. */
  notices: QueryNotice[];
  noticesDropped: number;
  /** Attempts to reach the server before the statement was sent; 1 when all is well. */
  attempts: number;
  /** Set when `failed` or `cancelled`; `details.position` marks where in the text. Rows that came before are kept. */
  error: ErrorPayload | null;
  /** The rows are dropped (idle for too long, closed, or room was needed); run it again to see them. */
  expired: boolean;
}

/** `readOnly`: inside a READ ONLY transaction that is always rolled back. `write`: what it does stays. */
export type QueryMode = 'readOnly' | 'write';

/** `type` is a name as in `queryTypes`, or null to let the server infer it. `value` null is SQL's null. */
export interface QueryParameter {
  type: string | null;
  value: string | null;
}

/** What the server makes of a statement without running it. */
export interface StatementDescription {
  /** In order: $1, $2… */
  parameters: { typeOid: number; typeName: string }[];
  /** Empty for a statement without a result. */
  columns: ResultColumn[];
}

/**
 * A transaction the user opened. `open`: takes statements. `failed`: a statement failed, so the server
 * takes nothing but a rollback (or ROLLBACK TO a savepoint). The others are final; `lost`: the connection broke
 * in the middle; the server has undone it, unless it broke during the commit, which `error` then says.
 */
export interface QueryTransaction {
  transactionId: string;
  profileId: string;
  mode: QueryMode;
  state: 'open' | 'failed' | 'committed' | 'rolledBack' | 'expired' | 'lost';
  backendPid: number | null;
  waitMs: number;
  startedAtMs: number;
  /** Statements run in it. */
  statements: number;
  /** A statement is running; others must wait. */
  busy: boolean;
  /** Since when nothing runs in it; null while busy or over. It holds a connection of the pool all the while. */
  idleSinceMs: number | null;
  /** Rolled back when idle for so long, by Poolscope or by the server itself. */
  idleLimitMs: number;
  error: ErrorPayload | null;
}

/** The parameter types the screen offers; any other type name the server knows is written as a cast in the text. */
export const queryTypes = [
  'text',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'bool',
  'uuid',
  'json',
  'jsonb',
  'bytea',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'inet',
  'text[]',
  'int4[]',
  'int8[]',
  'uuid[]',
] as const;
export type QueryType = (typeof queryTypes)[number];
