import type { Handlers } from '#shared/contract/define.ts';
import type { queryLibraryRoutes } from '#shared/contract/query-library.ts';
import type { QueryParameter, QueryRun } from '#shared/model/query.ts';
import type { HistoryEntry } from '#shared/model/query-library.ts';
import type { FileDeps } from '../../base/json-file.ts';
import type { QueryPool } from '../session.ts';
import { Completion } from './completion.ts';
import { QueryHistory } from './query-history.ts';
import { SavedQueries } from './saved-queries.ts';
import { SlowestRuns } from './slowest.ts';
import { statementStats } from './statement-stats.ts';

/** What is remembered of a statement. */
export interface Remembered {
  text: string;
  parameters: readonly QueryParameter[];
  mode: QueryRun['mode'];
}

export interface Library {
  handlers(poolOf: (profileId: string) => QueryPool): Handlers<typeof queryLibraryRoutes>;
  slowest: SlowestRuns;
  /** Adds what was run to the history: one entry, on however many databases. */
  record(statement: Remembered, runs: readonly QueryRun[]): void;
  /** The database of this profile may be another one now. */
  forget(profileId: string): void;
  /** Saves what is not saved. Never rejects. */
  close(): Promise<void>;
}

const statsTimeoutMs = 5000;

function entryOf(
  { text, parameters, mode }: Remembered,
  runs: readonly QueryRun[],
): Omit<HistoryEntry, 'entryId'> {
  const states = new Set(runs.map(({ state }) => state));
  const times = runs.flatMap(({ timing }) => timing.serverMs ?? []);
  return {
    atMs: Math.min(...runs.map(({ startedAtMs }) => startedAtMs)),
    profileIds: runs.map(({ profileId }) => profileId),
    text,
    parameterTypes: parameters.map(({ type }) => type),
    mode,
    state: states.has('failed') ? 'failed' : states.has('cancelled') ? 'cancelled' : 'done',
    rows: runs.reduce((sum, { rows }) => sum + rows, 0),
    serverMs: times.length === 0 ? null : Math.max(...times),
  };
}

/** What surrounds running statements: history, saved ones, completion, top lists. */
export function createLibrary(deps: FileDeps): Library {
  const { clock } = deps;
  const history = new QueryHistory(deps);
  const saved = new SavedQueries(deps);
  const slowest = new SlowestRuns();
  const completion = new Completion(clock);
  return {
    slowest,
    record(statement, runs) {
      if (runs.length > 0) void history.add(entryOf(statement, runs));
    },
    forget: (profileId) => completion.forget(profileId),
    close: () => history.close(),
    handlers: (poolOf) => ({
      'query.completion': ({ profileId, refresh }, { signal }) =>
        completion.catalogOf(profileId, poolOf(profileId), refresh, signal),
      'query.history': (query) => history.page(query),
      async 'query.deleteHistoryEntry'({ entryId }) {
        await history.delete(entryId);
        return { entryId };
      },
      async 'query.restoreHistoryEntry'({ entryId }) {
        await history.restore(entryId);
        return { entryId };
      },
      'query.clearHistory': async () => ({ deleted: await history.clear() }),
      async 'query.setHistoryEnabled'({ enabled }) {
        await history.setEnabled(enabled);
        return { enabled };
      },
      'query.saved': () => saved.list(),
      'query.save': (query) => saved.save({ ...query, updatedAtMs: clock.nowMs() }),
      'query.deleteSaved': ({ savedId }) => saved.delete(savedId),
      'query.slowest': ({ profileId }) => slowest.list(profileId),
      'query.statementStats': ({ profileId, orderBy, limit }, { signal }) =>
        statementStats(poolOf(profileId), { timeoutMs: statsTimeoutMs, signal, clock }, orderBy, limit),
    }),
  };
}
