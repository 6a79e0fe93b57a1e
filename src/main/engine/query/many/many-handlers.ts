import { randomUUID } from 'node:crypto';
import type { EnginePorts } from '#engine/ports.ts';
import type { CallContext, Handlers } from '#shared/contract/define.ts';
import type { queryRoutes } from '#shared/contract/query.ts';
import type { QueryParameter, QueryRun } from '#shared/model/query.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { EventBus } from '../../base/event-bus.ts';
import type { Column, RowExport } from '../../exporter/index.ts';
import { exportColumns } from '../result/export-columns.ts';
import type { Run } from '../run.ts';
import type { Runs } from '../runs.ts';
import { Many } from './many-runs.ts';
import { mergedWindow } from './merge.ts';

interface Statement {
  text: string;
  parameters: QueryParameter[];
  mode: QueryRun['mode'];
}

export interface ManyHandlersDeps {
  runs: Runs;
  /** What can be said of the statement itself. */
  checkStatement(statement: Statement): void;
  /** What can be said of it on one database: its pool is open, it may write. */
  checkTarget(profileId: string, statement: Statement): void;
  mayRetry(profileId: string): boolean;
  nameOf(profileId: string): string;
  record(statement: Statement, runs: readonly QueryRun[]): void;
  recordRun(run: Run): void;
  saveRows<Row>(
    rows: RowExport<Row>,
    asked: CallContext & { exportId: string },
  ): ReturnType<EnginePorts['saveFile']>;
  events: EventBus;
  clock: Clock;
  toPayload(error: unknown): NonNullable<QueryRun['error']>;
}

type ManyRoutes = Pick<
  typeof queryRoutes,
  | 'query.runMany'
  | 'query.manyStatus'
  | 'query.cancelMany'
  | 'query.closeMany'
  | 'query.mergedRows'
  | 'query.exportMerged'
>;

/** Runs on many databases are kept for so many. */
const keptMany = 20;

/** The calls that run one statement on several databases. */
export function createManyHandlers(deps: ManyHandlersDeps): {
  handlers: Handlers<ManyRoutes>;
  /** Both settle when what they stopped is over. */
  stopOf(callerId: string): Promise<void>;
  stopAll(): Promise<void>;
} {
  const { runs, events, clock } = deps;
  const all = new Map<string, Many>();

  const manyOf = (manyId: string): Many => {
    const many = all.get(manyId);
    if (many !== undefined) return many;
    throw new EngineError('not_found', 'That run is closed or long over.', { remedy: 'Run it again.' });
  };

  /** @throws EngineError unless there is one table of all of them */
  const mergedOf = (many: Many) => {
    const { merged } = many.view;
    if (merged.state === 'ready') return merged;
    const message =
      merged.state === 'differs'
        ? merged.reason
        : merged.state === 'pending'
          ? 'Not all databases have answered yet.'
          : 'There are no rows to merge.';
    throw new EngineError('not_found', message, { remedy: 'Look at the results one by one.' });
  };

  async function close(manyId: string): Promise<void> {
    const many = all.get(manyId);
    if (many === undefined) return;
    await many.cancel();
    all.delete(manyId);
    await Promise.all(many.runs.map((run) => runs.close(run.spec.runId)));
  }

  async function stopWhere(isMeant: (many: Many) => boolean): Promise<void> {
    await Promise.all([...all.values()].filter(isMeant).map((many) => many.cancel()));
  }

  function forgetOld(): void {
    for (const [manyId, many] of all) {
      if (all.size <= keptMany) return;
      if (many.view.complete) {
        all.delete(manyId);
        void Promise.all(many.runs.map((run) => runs.close(run.spec.runId)));
      }
    }
  }

  return {
    stopOf: (callerId) => stopWhere((many) => many.spec.callerId === callerId),
    stopAll: () => stopWhere(() => true),
    handlers: {
      'query.runMany'({ manyId, profileIds, concurrency, rowLimit, timeoutMs, ...statement }, { callerId }) {
        if (all.has(manyId)) throw new EngineError('bad_input', 'A run of that id is there already.');
        deps.checkStatement(statement);
        const start = (profileId: string, runId: string): Run => {
          deps.checkTarget(profileId, statement);
          const mayRetry = deps.mayRetry(profileId);
          const run = runs.start({
            ...{ runId, profileId, manyId, callerId, rowLimit, timeoutMs, mayRetry },
            ...statement,
          });
          deps.recordRun(run);
          return run;
        };
        const many = new Many(
          {
            start,
            newRunId: randomUUID,
            nameOf: deps.nameOf,
            nowMs: () => clock.nowMs(),
            toPayload: deps.toPayload,
            onRun: (run) => events.emit('query.progress', run),
            onChange: (view) => events.emit('query.manyChanged', view),
          },
          { manyId, callerId, profileIds, concurrency, mode: statement.mode },
        );
        all.set(manyId, many);
        forgetOld();
        void many.over.then(() => deps.record(statement, many.view.runs));
        return many.view;
      },
      'query.manyStatus': ({ manyId }) => manyOf(manyId).view,
      async 'query.cancelMany'({ manyId }) {
        const many = manyOf(manyId);
        await many.cancel();
        return many.view;
      },
      async 'query.closeMany'({ manyId }) {
        await close(manyId);
        return { manyId };
      },
      'query.mergedRows'({ manyId, from, limit, cellChars }) {
        const many = manyOf(manyId);
        mergedOf(many);
        return mergedWindow(many.runs, from, limit, cellChars);
      },
      async 'query.exportMerged'({ exportId, manyId, format }, context) {
        const many = manyOf(manyId);
        const merged = mergedOf(many);
        const ids = new Set(merged.sources.map(({ profileId }) => profileId));
        const sources = many.runs.filter(({ spec }) => ids.has(spec.profileId));
        let source = '';
        const columns: Column<(string | null)[]>[] = [
          { name: 'connection', kind: 'string', cell: () => source },
          ...exportColumns(merged.columns, ['connection']),
        ];
        const batches = async function* () {
          const results = sources.map(({ spec, result }) => ({ name: deps.nameOf(spec.profileId), result }));
          // All from the beginning: those that come last must not expire meanwhile.
          const releases = results.map(({ result }) => result.hold());
          try {
            for (const { name, result } of results) {
              // Cells of a batch are read before the next one is asked for.
              source = name;
              yield* result.rows.batches(500);
            }
          } finally {
            for (const release of releases) release();
          }
        };
        return await deps.saveRows(
          {
            format,
            name: `${sources.length} connections`,
            fromMs: clock.nowMs(),
            columns,
            expectedRows: merged.rows,
            batches,
          },
          { ...context, exportId },
        );
      },
    },
  };
}
