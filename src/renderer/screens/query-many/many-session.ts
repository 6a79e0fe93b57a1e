import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ManyRuns } from '#shared/contract/query.ts';
import { type QueryRun, queryLimits } from '#shared/model/query.ts';
import { highestParameter } from '#shared/model/sql-text.ts';
import { request } from '../../bridge/client.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { payloadOf } from '../../data/errors.ts';
import type { ResultRows } from '../../query/rows/result-rows.ts';
import { rowsOfRun } from '../../query/rows/run-rows.ts';
import { laterOf } from '../../query/run-states.ts';
import { parametersOf } from '../../query/statement/parameter-values.ts';
import { StatementModel } from '../../query/statement/statement-model.ts';
import { mergedRows } from './merged-rows.ts';

export interface ManyState {
  /** Profiles to ask, by id. */
  chosen: ReadonlySet<string>;
  /** From the press of Run to the end of the last. */
  running: { manyId: string; startedAtMs: number; cancelling: boolean } | null;
  many: ManyRuns | null;
  refusal: ErrorPayload | null;
  view: 'each' | 'merged';
}

/** One statement on many databases: what is chosen, what runs, what came. Outlives the screen. */
export class ManySession {
  readonly statement = new StatementModel('many');
  readonly #listeners = new Set<() => void>();
  readonly #rows = new Map<string, ResultRows>();
  #merged: { manyId: string; rows: ResultRows } | null = null;
  #state: ManyState = { chosen: new Set(), running: null, many: null, refusal: null, view: 'each' };

  state = (): ManyState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  choose(profileIds: Iterable<string>): void {
    this.#set({ chosen: new Set(profileIds) });
  }

  show(view: ManyState['view']): void {
    this.#set({ view });
  }

  /** The rows of one of the runs. */
  rowsOf({ runId, rows: available }: QueryRun): ResultRows {
    const known = this.#rows.get(runId);
    if (known !== undefined) return known;
    const rows = rowsOfRun(runId);
    rows.setAvailable(available);
    this.#rows.set(runId, rows);
    return rows;
  }

  /** The rows of all, each with the name of its source in front. */
  mergedRowsOf(manyId: string, nameOf: (profileId: string) => string): ResultRows {
    if (this.#merged?.manyId !== manyId) this.#merged = { manyId, rows: mergedRows(manyId, nameOf) };
    return this.#merged.rows;
  }

  /** Runs the statement on all that are chosen. Never rejects. */
  async run(profileIds: readonly string[]): Promise<void> {
    if (this.#state.running !== null) return;
    const placed = this.statement.editor.toRun();
    if (placed === null || profileIds.length === 0) {
      const message = placed === null ? 'There is no statement to run.' : 'No connection is chosen.';
      this.#set({ refusal: { code: 'bad_input', message, details: {} } });
      return;
    }
    const { many: before } = this.#state;
    if (before !== null) request('query.closeMany', { manyId: before.manyId }).catch(() => {});
    this.#rows.clear();
    this.#merged = null;
    this.statement.editor.clearError();
    const manyId = crypto.randomUUID();
    this.#set({
      running: { manyId, startedAtMs: engineNowMs(), cancelling: false },
      many: null,
      refusal: null,
    });
    const { mode, timeoutMs, rowLimit, boxes } = this.statement.options();
    const count = Math.min(highestParameter(placed.text), queryLimits.parameters);
    const parameters = parametersOf(boxes, count);
    try {
      this.hear(
        await request('query.runMany', {
          manyId,
          profileIds: [...profileIds],
          ...{ text: placed.text, parameters, mode, timeoutMs, rowLimit },
        }),
      );
    } catch (error) {
      this.#set({ running: null, refusal: payloadOf(error) });
    }
  }

  /** Stops all that are not over. Never rejects. */
  async cancel(): Promise<void> {
    const { running } = this.#state;
    if (running === null || running.cancelling) return;
    this.#set({ running: { ...running, cancelling: true } });
    try {
      this.hear(await request('query.cancelMany', { manyId: running.manyId }));
    } catch (error) {
      this.#set({ running: null, refusal: payloadOf(error) });
    }
  }

  /** Takes news of the whole. */
  hear(news: ManyRuns): void {
    const { running, many } = this.#state;
    if (news.manyId !== running?.manyId && news.manyId !== many?.manyId) return;
    const runs = news.runs.map((run) =>
      laterOf(many?.runs.find(({ runId }) => runId === run.runId) ?? null, run),
    );
    const complete = news.complete || (many?.complete ?? false);
    for (const run of runs) this.#rows.get(run.runId)?.setAvailable(run.rows);
    this.#set({
      many: { ...news, runs, complete, merged: many?.complete && !news.complete ? many.merged : news.merged },
      running: complete ? null : running,
    });
  }

  /** Takes news of one of its runs. */
  hearRun(news: QueryRun): void {
    const { many } = this.#state;
    if (many === null || news.manyId !== many.manyId) return;
    const runs = many.runs.map((run) => (run.runId === news.runId ? laterOf(run, news) : run));
    this.#rows.get(news.runId)?.setAvailable(news.rows);
    this.#set({ many: { ...many, runs } });
  }

  #set(change: Partial<ManyState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
