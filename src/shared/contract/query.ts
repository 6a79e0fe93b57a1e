import * as z from 'zod/mini';
import { profileIdSchema } from '../model/profile.ts';
import {
  type QueryRun,
  type QueryTransaction,
  queryLimits,
  queryTypes,
  type ResultColumn,
  type ResultWindow,
  type StatementDescription,
} from '../model/query.ts';
import type { QueryPlan } from '../model/query-plan.ts';
import { route } from './define.ts';
import { exportFormats, type SaveOutcome } from './exporter.ts';

/** Chosen by the caller (a UUID), so that events and cancels have a name before there is an answer. */
export const queryIdSchema = z.string().check(z.regex(/^[\w-]{1,64}$/, { error: 'The id is malformed.' }));

export const queryTextSchema = z.string().check(
  z.refine((text) => text.trim() !== '', { error: 'There is no statement to run.' }),
  z.maxLength(queryLimits.textChars, { error: 'The text can be at most 500,000 characters long.' }),
  z.refine((text) => !text.includes('\u0000'), { error: 'SQL cannot hold the character U+0000.' }),
  z.refine((text) => text.isWellFormed(), {
    error: 'The text holds half of a surrogate pair, which has no UTF-8 form.',
  }),
);

export const parameterTypeSchema = z.nullable(
  z.enum(queryTypes, { error: 'Choose one of the listed types, or let the server infer it.' }),
);

const parameterSchema = z.object({
  type: parameterTypeSchema,
  value: z.nullable(
    z.string().check(
      z.refine((value) => !value.includes('\u0000'), { error: 'A value cannot hold the character U+0000.' }),
      z.refine((value) => value.isWellFormed(), {
        error: 'A value cannot hold half of a surrogate pair: it has no UTF-8 form.',
      }),
    ),
  ),
});

const charsOf = (values: { value: string | null }[]) =>
  values.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);

const parameters = z.array(parameterSchema).check(
  z.maxLength(queryLimits.parameters, { error: 'A statement can have at most 1,000 parameters.' }),
  z.refine((values) => charsOf(values) <= queryLimits.valueChars, {
    error: 'The values of all parameters can be at most 1,500,000 characters long together.',
  }),
);

const timeoutError = 'The time limit must be from 0.1 s to 24 h.';
const timeoutMs = z
  .int({ error: timeoutError })
  .check(z.gte(100, { error: timeoutError }), z.lte(86_400_000, { error: timeoutError }));

const rowLimitError = 'The row limit must be a whole number from 1 to 1,000,000,000, or none.';
const rowLimit = z.nullable(
  z
    .int({ error: rowLimitError })
    .check(z.gte(1, { error: rowLimitError }), z.lte(1_000_000_000, { error: rowLimitError })),
);

const mode = z.enum(['readOnly', 'write']);

const statement = {
  text: queryTextSchema,
  /** $1, $2… in order; exactly as many as the text uses. */
  parameters,
  /**
   * `write` answers `read_only` unless the profile's `queryWrites` is on and its `readOnly` off. Within
   * a transaction the transaction's own mode counts and this one must be the same.
   */
  mode,
  /**
   * The server's statement_timeout: the longest it may work until the first rows, and again for each
   * batch of rows after. Its end is `query_timeout`.
   */
  timeoutMs,
};

const byRun = z.object({ runId: queryIdSchema });
const byTransaction = z.object({ transactionId: queryIdSchema });

const window = {
  from: z.int().check(z.gte(0)),
  limit: z.int().check(z.gte(1), z.lte(queryLimits.windowRows)),
  /** Longer cells are cut; `cellChars` for a grid, up to `valuePieceChars` for copying. */
  cellChars: z._default(z.int().check(z.gte(1), z.lte(queryLimits.valuePieceChars)), queryLimits.cellChars),
};

/** A run that has begun, with its first rows; null while there is nothing to show. */
export interface QueryAnswer {
  run: QueryRun;
  window: ResultWindow | null;
}

/** A part of one value. */
export interface ValuePiece {
  /** Null for SQL's null. */
  text: string | null;
  /** Length of the whole. */
  chars: number;
}

/** One statement on several databases. Each target is a run of its own: its rows, times, error. */
export interface ManyRuns {
  manyId: string;
  /** In the order asked for. */
  runs: QueryRun[];
  /** All are final. */
  complete: boolean;
  merged: MergedResult;
}

/**
 * Whether the results can be read as one, with the source in front: `differs` says which columns do
 * not agree, as one sentence. Targets that failed are left out. `pending` until all are final.
 * Merged rows follow `sources` in order: all rows of the first, then all of the second…, each source's
 * as its server gave them. `sources` follow the order in which the databases were asked for.
 */
export type MergedResult =
  | { state: 'pending' }
  | { state: 'ready'; columns: ResultColumn[]; rows: number; sources: { profileId: string; rows: number }[] }
  | { state: 'differs'; reason: string }
  | { state: 'none' };

/** `sources[i]` is where `rows[i]` comes from: a profile's id. */
export interface MergedWindow extends ResultWindow {
  sources: string[];
}

const unknownOutcome = 'If it was a statement that writes, it may have taken effect all the same.';

export const queryRoutes = {
  /** What a statement needs and gives: prepared on the server in a READ ONLY transaction, not run. What an open transaction has not committed is not seen. */
  'query.describe': route<StatementDescription>()(
    z.object({
      profileId: profileIdSchema,
      text: queryTextSchema,
      parameterTypes: z.array(parameterTypeSchema).check(z.maxLength(queryLimits.parameters)),
    }),
  ),

  /**
   * Runs one statement (`shared/model/sql-text.ts` splits a text into statements). Answers when the
   * first rows are here or the statement has ended, well or not: a failure on the way or on the
   * server is `run.error`, with times and notices beside it. What is refused before a connection is
   * asked for comes as an error of the request: `bad_input` (two statements, a value missing or of
   * the wrong type under `fields['parameters.0']`, COPY…), `read_only`, `pool_closed`. Further rows
   * come in by themselves, to memory and disk of this machine, so that the server's transaction ends as
   * soon as it can; `query.progress` tells. Aborting the request cancels the run.
   */
  'query.run': route<QueryAnswer>()(
    z.object({
      runId: queryIdSchema,
      profileId: profileIdSchema,
      /** Null for a transaction of its own. */
      transactionId: z.nullable(queryIdSchema),
      ...statement,
      /** Stops reading there (`cutShort: 'rowLimit'`). Null reads all there is room for. */
      rowLimit,
    }),
    { afterCancel: unknownOutcome },
  ),
  /** Stops the statement on the server; answers when the server has confirmed it, or its session is gone. */
  'query.cancel': route<QueryRun>()(byRun),
  /** The run as it stands. `not_found` when it was closed or is long over. */
  'query.status': route<QueryRun>()(byRun),
  /** Rows of a result, at once; `not_found` when they have expired. Reading keeps them from expiring. */
  'query.rows': route<ResultWindow>()(z.object({ runId: queryIdSchema, ...window })),
  /** The whole of one value, or a part of a very long one. */
  'query.value': route<ValuePiece>()(
    z.object({
      runId: queryIdSchema,
      row: z.int().check(z.gte(0)),
      /** Index from 0. */
      column: z.int().check(z.gte(0)),
      fromChar: z.int().check(z.gte(0)),
      maxChars: z.int().check(z.gte(1), z.lte(queryLimits.valuePieceChars)),
    }),
  ),
  /** Cancels if need be, and frees the rows. Unknown ids are ignored. */
  'query.close': route<{ runId: string }>()(byRun),
  /**
   * The rows that are here as a file, streamed. Progress as `exporter.progress` and cancel as
   * `exporter.cancel`, by `exportId`.
   */
  'query.export': route<SaveOutcome>()(
    z.object({ exportId: queryIdSchema, runId: queryIdSchema, format: z.enum(exportFormats) }),
  ),

  /**
   * The plan of one statement, parameters included. With `analyze` the server runs it, in a
   * transaction that is always rolled back, READ ONLY unless `mode` is `write`. Failures are errors
   * of the request. Aborting the request stops it on the server.
   */
  'query.explain': route<QueryPlan>()(
    z.object({
      profileId: profileIdSchema,
      ...statement,
      analyze: z.boolean(),
    }),
  ),

  /**
   * Opens a transaction and keeps a connection of the pool for it until commit or rollback. It is
   * rolled back when it idles past `idleLimitMs`, when the window that opened it goes away, when
   * the pool closes, at exit. Changes come as `query.transactionChanged`.
   */
  'query.begin': route<QueryTransaction>()(
    z.object({
      transactionId: queryIdSchema,
      profileId: profileIdSchema,
      mode,
      idleLimitMs: z.int().check(z.gte(10_000), z.lte(3_600_000)),
    }),
  ),
  /** `read_only` transactions have nothing to commit: this ends them all the same. */
  'query.commit': route<QueryTransaction>()(byTransaction, {
    afterCancel: 'The transaction may have been committed all the same.',
  }),
  /** Cancels a statement that still runs in it. */
  'query.rollback': route<QueryTransaction>()(byTransaction),
  /** Those that are not over, of all windows. */
  'query.transactions': route<QueryTransaction[]>()(z.object({})),

  /**
   * One statement with the same parameters on several databases, a few at a time. Answers at once;
   * `query.manyChanged` tells how it goes and `query.progress` of each run (by `manyId`). Rows by
   * `query.rows` with each run's own id.
   * Databases whose last health check failed are tried once; others as `query.run`. `write` is refused
   * by each target that does not allow it, with `read_only`.
   */
  'query.runMany': route<ManyRuns>()(
    z.object({
      manyId: queryIdSchema,
      profileIds: z
        .array(profileIdSchema)
        .check(z.minLength(1, { error: 'Choose at least one connection.' }), z.maxLength(200)),
      ...statement,
      /** For each of them. */
      rowLimit,
      concurrency: z._default(z.int().check(z.gte(1), z.lte(16)), queryLimits.manyConcurrency),
    }),
  ),
  'query.manyStatus': route<ManyRuns>()(z.object({ manyId: queryIdSchema })),
  /** Stops all that are not over; those not begun are `cancelled` unsent. */
  'query.cancelMany': route<ManyRuns>()(z.object({ manyId: queryIdSchema })),
  /** Frees the rows of all of them. Unknown ids are ignored. */
  'query.closeMany': route<{ manyId: string }>()(z.object({ manyId: queryIdSchema })),
  /** When `merged.state` is `ready`. */
  'query.mergedRows': route<MergedWindow>()(z.object({ manyId: queryIdSchema, ...window })),
  /** The merged rows as a file, the connection's name in a first column. Progress and cancel as `query.export`. */
  'query.exportMerged': route<SaveOutcome>()(
    z.object({ exportId: queryIdSchema, manyId: queryIdSchema, format: z.enum(exportFormats) }),
  ),
};
