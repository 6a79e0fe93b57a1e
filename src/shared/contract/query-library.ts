import * as z from 'zod/mini';
import { profileIdSchema } from '../model/profile.ts';
import { queryLimits } from '../model/query.ts';
import type {
  CompletionCatalog,
  HistoryEntry,
  SavedQuery,
  SlowRun,
  StatementStats,
} from '../model/query-library.ts';
import { route } from './define.ts';
import { parameterTypeSchema, queryIdSchema, queryTextSchema } from './query.ts';

export interface QueryHistoryPage {
  /** Newest first. */
  entries: HistoryEntry[];
  hasMore: boolean;
  /** Off: nothing is added. */
  enabled: boolean;
}

const parameterTypes = z.array(parameterTypeSchema).check(z.maxLength(queryLimits.parameters));

export const queryLibraryRoutes = {
  /** Cached for five minutes per connection; `refresh` asks the server again. A few seconds at most. */
  'query.completion': route<CompletionCatalog>()(
    z.object({ profileId: profileIdSchema, refresh: z._default(z.boolean(), false) }),
  ),

  'query.history': route<QueryHistoryPage>()(
    z.object({
      /** Null for all connections. */
      profileId: z.nullable(profileIdSchema),
      /** In the text, upper and lower case alike; '' for all. */
      search: z.string().check(z.maxLength(1000)),
      /** Entries older than this one; null from the newest. */
      beforeId: z.nullable(queryIdSchema),
      limit: z.int().check(z.gte(1), z.lte(200)),
    }),
  ),
  /** Unknown ids are ignored. */
  'query.deleteHistoryEntry': route<{ entryId: string }>()(z.object({ entryId: queryIdSchema })),
  /** Undoes such a deletion; `not_found` after a restart, or once the history was cleared. */
  'query.restoreHistoryEntry': route<{ entryId: string }>()(z.object({ entryId: queryIdSchema })),
  /** All of it, for good; answers how many went. */
  'query.clearHistory': route<{ deleted: number }>()(z.object({})),
  /** Switching it off keeps what is there. */
  'query.setHistoryEnabled': route<{ enabled: boolean }>()(z.object({ enabled: z.boolean() })),

  /** By name. */
  'query.saved': route<SavedQuery[]>()(z.object({})),
  /**
   * Adds a query, or replaces the one of that id (the caller's UUID, so that a deletion can be
   * undone by saving it again). Names are unique: `unique_violation`.
   */
  'query.save': route<SavedQuery>()(
    z.object({
      savedId: queryIdSchema,
      name: z
        .string()
        .check(
          z.trim(),
          z.minLength(1, { error: 'Name must not be empty.' }),
          z.maxLength(120, { error: 'Name can be at most 120 characters long.' }),
        ),
      text: queryTextSchema,
      parameterTypes,
    }),
  ),
  /** Answers with what was deleted, for Undo. */
  'query.deleteSaved': route<SavedQuery>()(z.object({ savedId: queryIdSchema })),

  /** The slowest runs since Poolscope started, slowest first; at most 50. */
  'query.slowest': route<SlowRun[]>()(z.object({ profileId: z.nullable(profileIdSchema) })),
  /** The top list of `pg_stat_statements` of this connection's database. */
  'query.statementStats': route<StatementStats>()(
    z.object({
      profileId: profileIdSchema,
      orderBy: z.enum(['totalMs', 'meanMs', 'calls', 'rows', 'sharedReadBlocks']),
      limit: z.int().check(z.gte(1), z.lte(200)),
    }),
  ),
};
