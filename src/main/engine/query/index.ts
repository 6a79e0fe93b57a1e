import type { EnginePorts } from '#engine/ports.ts';
import type { CallContext, Handlers } from '#shared/contract/define.ts';
import type { QueryAnswer, queryRoutes } from '#shared/contract/query.ts';
import type { queryLibraryRoutes } from '#shared/contract/query-library.ts';
import type { HealthReport } from '#shared/model/health.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { type QueryParameter, queryLimits, type ResultWindow } from '#shared/model/query.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { FileDeps } from '../base/json-file.ts';
import { toErrorPayload } from '../base/router.ts';
import type { RowExport } from '../exporter/index.ts';
import { createLibrary } from './library/library.ts';
import { createManyHandlers } from './many/many-handlers.ts';
import { describeOn, explainOn } from './plan/one-off.ts';
import { exportColumns } from './result/export-columns.ts';
import { ResultShelf } from './result/result-shelf.ts';
import type { Run, RunDeps, RunSpec } from './run.ts';
import { Runs } from './runs.ts';
import type { QueryPool } from './session.ts';
import { checkParameterCount, checkParameterValues, oidOf } from './statement/parameters.ts';
import { checkMode, checkStatement } from './statement/rules.ts';
import { TypeNames } from './statement/type-names.ts';
import { Transactions } from './transactions.ts';

export interface QueryDeps extends FileDeps {
  /** The profile's live pool. Throws `pool_closed`. */
  poolOf(profileId: string): QueryPool;
  /** Its last health check. Throws `pool_closed`. */
  healthOf(profileId: string): HealthReport;
  /** Throws `not_found`. */
  profileOf(profileId: string): ProfileDraft;
  saveRows<Row>(
    rows: RowExport<Row>,
    asked: CallContext & { exportId: string },
  ): ReturnType<EnginePorts['saveFile']>;
  events: EventBus;
}

type QueryHandlers = Handlers<typeof queryRoutes & typeof queryLibraryRoutes>;

export interface Query {
  handlers: QueryHandlers;
  /** A window went away: what it runs is stopped, and its transactions are rolled back. */
  callerGone(callerId: string): void;
  /** Stops everything, gives connections back and deletes the rows. To be called before pools close. */
  close(): Promise<void>;
}

/** What all that send a statement have in common. */
interface Statement {
  text: string;
  parameters: QueryParameter[];
  mode: RunSpec['mode'];
}

/** Statements that users write, by way of the profile's own pool. */
export function createQuery(deps: QueryDeps): Query {
  const { events, clock, log, profileOf } = deps;
  const types = new Map<string, TypeNames>();
  const shelf = new ResultShelf({ dataFolder: deps.dataFolder, idleMs: queryLimits.resultIdleMs });
  const library = createLibrary(deps);
  const toPayload = (error: unknown) => toErrorPayload(error, log, 'query');

  const typesOf = (profileId: string): TypeNames => {
    const known = types.get(profileId) ?? new TypeNames();
    types.set(profileId, known);
    return known;
  };
  const runDeps: RunDeps = {
    poolOf: deps.poolOf,
    typesOf,
    shelf,
    clock,
    onChange: (run) => events.emit('query.progress', run),
    onNotice: (runId, notice) => events.emit('query.notice', { runId, notice }),
    toPayload,
  };
  const runs = new Runs(runDeps);
  const transactions = new Transactions({
    poolOf: deps.poolOf,
    clock,
    onChange: (transaction) => events.emit('query.transactionChanged', transaction),
  });
  /** Explains and descriptions under way. */
  const oneOffs = new Set<{ profileId: string; abort: AbortController }>();

  // A server that is known to be down is not asked again and again.
  const mayRetry = (profileId: string): boolean => deps.healthOf(profileId).consecutiveFailures === 0;

  /** @throws what is said before the server is asked */
  function check(profileId: string, { text, parameters, mode }: Statement, inTransaction = false): void {
    checkMode(profileOf(profileId), mode);
    checkStatement(text, mode, inTransaction);
    checkParameterCount(text, parameters.length);
    checkParameterValues(
      parameters,
      parameters.map(({ type }) => oidOf(type)),
    );
    // Fails early where the pool is closed.
    deps.poolOf(profileId);
  }

  const firstWindow = async (run: Run): Promise<ResultWindow | null> => {
    const { columns, rows } = run.view;
    if (columns === null || columns.length === 0) return null;
    const window = await run.result.rows.window(0, Math.min(200, rows), queryLimits.cellChars);
    return { ...window, complete: run.isFinal };
  };

  /** Remembers a run once it is over. */
  const record = (run: Run): void => {
    void run.over.then(() => {
      const { spec, view } = run;
      library.slowest.add(view, spec.text);
      if (spec.manyId !== null) return;
      library.record(spec, [view]);
    });
  };

  const stopOf = events.on('pools.changed', ({ profileId, state }) => {
    if (state !== 'closing' && state !== 'closed') return;
    types.delete(profileId);
    library.forget(profileId);
    for (const entry of oneOffs) if (entry.profileId === profileId) entry.abort.abort();
    void stopWhere((spec) => spec.profileId === profileId);
  });

  async function stopWhere(
    isMeant: (spec: { profileId: string; callerId: string }) => boolean,
  ): Promise<void> {
    await Promise.all([runs.cancelWhere(isMeant), transactions.rollbackWhere(isMeant)]);
  }

  /** Runs something short that a closing pool ends. */
  async function oneOff<T>(
    profileId: string,
    { signal }: CallContext,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const entry = { profileId, abort: new AbortController() };
    oneOffs.add(entry);
    try {
      return await work(AbortSignal.any([signal, entry.abort.signal]));
    } finally {
      oneOffs.delete(entry);
    }
  }

  const many = createManyHandlers({
    runs,
    checkStatement: (statement) => {
      checkStatement(statement.text, statement.mode, false);
      checkParameterCount(statement.text, statement.parameters.length);
    },
    checkTarget: (profileId, statement) => check(profileId, statement),
    mayRetry,
    nameOf: (profileId) => profileOf(profileId).name,
    record: (spec, views) => library.record(spec, views),
    recordRun: record,
    saveRows: deps.saveRows,
    events,
    clock,
    toPayload,
  });

  const handlers: QueryHandlers = {
    ...library.handlers(deps.poolOf),
    ...many.handlers,
    'query.describe': ({ profileId, text, parameterTypes }, context) => {
      checkStatement(text, 'readOnly', true);
      const wanted = { text, parameterTypes, types: typesOf(profileId) };
      return oneOff(profileId, context, (signal) =>
        describeOn(deps.poolOf(profileId), wanted, { signal, clock }),
      );
    },
    async 'query.run'({ transactionId, ...input }, { callerId, signal }): Promise<QueryAnswer> {
      const transaction = transactionId === null ? null : transactions.of(transactionId);
      check(input.profileId, input, transaction !== null);
      const spec = { ...input, callerId, manyId: null, mayRetry: mayRetry(input.profileId) };
      const run = runs.start(spec, transaction);
      record(run);
      const cancel = () => void run.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      await run.answered;
      signal.removeEventListener('abort', cancel);
      return { run: run.view, window: await firstWindow(run) };
    },
    async 'query.cancel'({ runId }) {
      const run = runs.of(runId);
      await run.cancel();
      return run.view;
    },
    'query.status': ({ runId }) => runs.of(runId).view,
    async 'query.rows'({ runId, from, limit, cellChars }) {
      const run = runs.of(runId);
      // Asked before the rows are read: what comes meanwhile is left for the next window.
      const complete = run.isFinal;
      return { ...(await run.read((rows) => rows.window(from, limit, cellChars))), complete };
    },
    async 'query.value'({ runId, row, column, fromChar, maxChars }) {
      const piece = await runs.of(runId).read((rows) => rows.piece(row, column, fromChar, maxChars));
      if (piece === null) throw notThere();
      return piece;
    },
    async 'query.close'({ runId }) {
      await runs.close(runId);
      return { runId };
    },
    async 'query.export'({ exportId, runId, format }, context) {
      const run = runs.of(runId);
      const { columns, rows, profileId, startedAtMs } = run.view;
      if (columns === null || columns.length === 0) throw nothingToExport();
      const name = profileOf(profileId).name;
      const file = { format, name, fromMs: startedAtMs, columns: exportColumns(columns), expectedRows: rows };
      return await deps.saveRows({ ...file, batches: () => run.batches(500) }, { ...context, exportId });
    },
    'query.explain': ({ profileId, analyze, timeoutMs, ...statement }, context) => {
      check(profileId, statement);
      return oneOff(profileId, context, (signal) =>
        explainOn(deps.poolOf(profileId), { ...statement, analyze, timeoutMs }, { signal, clock }),
      );
    },
    async 'query.begin'({ transactionId, profileId, mode, idleLimitMs }, { callerId, signal }) {
      checkMode(profileOf(profileId), mode);
      const spec = { transactionId, profileId, mode, idleLimitMs, callerId, mayRetry: mayRetry(profileId) };
      return (await transactions.begin(spec, signal)).view;
    },
    async 'query.commit'({ transactionId }) {
      const transaction = transactions.of(transactionId);
      await transaction.commit();
      return transaction.view;
    },
    async 'query.rollback'({ transactionId }) {
      const transaction = transactions.of(transactionId);
      await transaction.rollback();
      return transaction.view;
    },
    'query.transactions': () => transactions.list.map(({ view }) => view),
  };

  return {
    handlers,
    callerGone(callerId) {
      void many.stopOf(callerId);
      // Nobody else knows the ids of its results; a file that is being made of one is finished.
      const isIts = (spec: { callerId: string }) => spec.callerId === callerId;
      void stopWhere(isIts).then(() => runs.closeWhere(isIts));
    },
    async close() {
      stopOf();
      for (const { abort } of oneOffs) abort.abort();
      await Promise.all([many.stopAll(), stopWhere(() => true), transactions.close()]);
      await Promise.all([shelf.close(), library.close()]);
    },
  };
}

const notThere = () => new EngineError('not_found', 'The result has no such row or column.');

const nothingToExport = () =>
  new EngineError('not_found', 'There is nothing to export: the statement has no result.');
