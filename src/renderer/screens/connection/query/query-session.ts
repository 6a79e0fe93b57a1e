import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { QueryNotice, QueryRun, QueryTransaction } from '#shared/model/query.ts';
import { queryLimits } from '#shared/model/query.ts';
import type { QueryPlan } from '#shared/model/query-plan.ts';
import { highestParameter, splitStatements } from '#shared/model/sql-text.ts';
import { request } from '../../../bridge/client.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { isCancelled, payloadOf } from '../../../data/errors.ts';
import type { PlacedText } from '../../../query/editor/editor-model.ts';
import type { ResultRows } from '../../../query/rows/result-rows.ts';
import { closeRun, rowsOfRun } from '../../../query/rows/run-rows.ts';
import { isFinal, laterOf } from '../../../query/run-states.ts';
import { parametersOf } from '../../../query/statement/parameter-values.ts';
import { StatementModel } from '../../../query/statement/statement-model.ts';
import { TransactionKeeper } from './transaction-keeper.ts';

/** What is under way on the server for this tab. */
export interface Activity {
  runId: string;
  kind: 'run' | 'explain';
  startedAtMs: number;
  /** The user has asked to stop it. */
  cancelling: boolean;
}

export interface ShownPlan {
  plan: QueryPlan;
  /** The statement it is of. */
  text: string;
}

export type ResultView = 'rows' | 'plan' | 'notices';

export interface SessionState {
  activity: Activity | null;
  /** The last run and what it ran. */
  run: QueryRun | null;
  rows: ResultRows | null;
  ran: PlacedText | null;
  /** What was refused, or failed without a run to show. */
  refusal: ErrorPayload | null;
  plan: ShownPlan | null;
  /** Null while none is open. */
  transaction: QueryTransaction | null;
  /** One that ended otherwise than by the user's commit or rollback, until the next begins. */
  brokenTransaction: QueryTransaction | null;
  transactionChanging: 'begin' | 'commit' | 'rollback' | null;
  view: ResultView;
}

const initial: SessionState = {
  activity: null,
  run: null,
  rows: null,
  ran: null,
  refusal: null,
  plan: null,
  transaction: null,
  brokenTransaction: null,
  transactionChanging: null,
  view: 'rows',
};

/** The query tab of one connection. It outlives the part of the page that shows it: leaving the tab stops nothing. */
export class QuerySession {
  readonly profileId: string;
  readonly statement: StatementModel;
  /** The transaction of this tab: begin, commit, roll back. */
  readonly transaction: TransactionKeeper;
  readonly #listeners = new Set<() => void>();
  #state = initial;
  #explaining: AbortController | null = null;

  constructor(profileId: string) {
    this.profileId = profileId;
    this.statement = new StatementModel(profileId);
    this.transaction = new TransactionKeeper(profileId, {
      state: this.state,
      set: (change) => this.#set(change),
      mode: () => this.statement.options().mode,
      writingEndedUnasked: () => this.statement.set({ mode: 'readOnly' }),
    });
  }

  state = (): SessionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(view: ResultView): void {
    this.#set({ view });
  }

  /**
   * Runs what the editor has to run. Several selected statements run one after the other, where a
   * transaction is open to hold them together; otherwise the engine says that it takes one. Resolves
   * when the first rows are here or it has failed; never rejects.
   */
  async run(): Promise<void> {
    const { transaction } = this.#state;
    const whole = this.#toRun();
    if (whole === null) return;
    const statements = splitStatements(whole.text).map(({ from, to, text }) => ({
      from: whole.from + from,
      to: whole.from + to,
      text,
    }));
    const several = transaction !== null && statements.length > 1;
    const transactionId = transaction?.transactionId ?? null;
    for (const placed of several ? statements : [whole]) {
      await this.#runOne(placed, transactionId);
      if (!(await this.#endedWell())) return;
    }
  }

  /** Asks for the plan; with `analyze` the statement is run. Never rejects. */
  async explain(analyze: boolean): Promise<void> {
    const placed = this.#toRun();
    if (placed === null) return;
    const runId = crypto.randomUUID();
    this.#begin(runId, 'explain');
    const abort = new AbortController();
    this.#explaining = abort;
    const input = { profileId: this.profileId, ...this.#statementOf(placed), analyze };
    try {
      const plan = await request('query.explain', input, { signal: abort.signal });
      this.#set({ plan: { plan, text: placed.text }, view: 'plan' });
    } catch (error) {
      if (!isCancelled(error)) this.#failed(error, placed);
    } finally {
      this.#explaining = null;
      this.#ended(runId);
    }
  }

  /** Stops what runs, on the server. Resolves when the server has confirmed it; never rejects. */
  async cancel(): Promise<void> {
    const { activity } = this.#state;
    if (activity === null || activity.cancelling) return;
    const { runId } = activity;
    this.#set({ activity: { ...activity, cancelling: true } });
    if (activity.kind === 'explain') {
      this.#explaining?.abort();
      return;
    }
    try {
      this.hearRun(await request('query.cancel', { runId }));
    } catch (error) {
      const { code } = payloadOf(error);
      if (code !== 'not_found') this.#set({ refusal: payloadOf(error) });
      else await this.resync();
      const { activity: now } = this.#state;
      if (now?.runId === runId) this.#set({ activity: { ...now, cancelling: false } });
    }
  }

  /**
   * Asks how things stand, after events were missed: the link was lost, or Poolscope was started anew.
   * Never rejects.
   */
  async resync(): Promise<void> {
    const { activity, run } = this.#state;
    // What is still being asked for ends with its own answer.
    if (activity?.kind === 'run' && run?.runId === activity.runId) {
      try {
        this.hearRun(await request('query.status', { runId: run.runId }));
      } catch (error) {
        if (payloadOf(error).code !== 'not_found') return;
        this.#set({ refusal: payloadOf(error) });
        this.#ended(run.runId);
      }
    }
    await this.transaction.resync();
  }

  /** Takes news of a run; of others than its own it makes nothing. */
  hearRun(news: QueryRun): void {
    const { activity, run } = this.#state;
    if (news.runId !== activity?.runId && news.runId !== run?.runId) return;
    const later = laterOf(run, news);
    this.#state.rows?.setAvailable(later.rows);
    this.#set({ run: later });
    if (!isFinal(later)) return;
    this.#ended(later.runId);
    this.#mark(later.error, this.#state.ran);
  }

  hearNotice(runId: string, notice: QueryNotice): void {
    const { run } = this.#state;
    if (run === null || run.runId !== runId || isFinal(run)) return;
    if (run.notices.length >= queryLimits.notices) return;
    this.#set({ run: { ...run, notices: [...run.notices, notice] } });
  }

  /** What to run; says so when there is nothing. */
  #toRun(): PlacedText | null {
    // While a transaction begins or ends it is open whether a statement would be part of it.
    if (this.#state.activity !== null || this.#state.transactionChanging !== null) return null;
    const placed = this.statement.editor.toRun();
    if (placed === null) {
      const message = 'There is no statement to run.';
      this.#set({ refusal: { code: 'bad_input', message, details: { remedy: 'Type one above.' } } });
    }
    return placed;
  }

  #statementOf({ text }: PlacedText) {
    const { mode, timeoutMs, boxes } = this.statement.options();
    const count = Math.min(highestParameter(text), queryLimits.parameters);
    return { text, parameters: parametersOf(boxes, count), mode, timeoutMs };
  }

  #begin(runId: string, kind: Activity['kind']): void {
    this.statement.editor.clearError();
    this.#set({
      activity: { runId, kind, startedAtMs: engineNowMs(), cancelling: false },
      refusal: null,
    });
  }

  #ended(runId: string): void {
    if (this.#state.activity?.runId === runId) this.#set({ activity: null });
  }

  /** @param transactionId what holds it together with others; never left out because that has ended meanwhile */
  async #runOne(placed: PlacedText, transactionId: string | null): Promise<void> {
    const runId = crypto.randomUUID();
    const { run: before } = this.#state;
    if (before !== null) closeRun(before);
    this.#begin(runId, 'run');
    const rows = rowsOfRun(runId);
    this.#set({ run: null, rows, ran: placed, view: 'rows' });
    try {
      const { run, window } = await request('query.run', {
        ...this.#statementOf(placed),
        runId,
        profileId: this.profileId,
        transactionId,
        rowLimit: this.statement.options().rowLimit,
      });
      if (window !== null) rows.put(window);
      this.hearRun(run);
    } catch (error) {
      this.#failed(error, placed);
      this.#ended(runId);
    }
  }

  /** Waits for the last row of the run; resolves to whether the next statement may follow. */
  #endedWell(): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => {
        const { activity, run, refusal } = this.#state;
        if (activity !== null) return;
        unsubscribe();
        resolve(refusal === null && run?.state === 'done');
      };
      const unsubscribe = this.subscribe(look);
      look();
    });
  }

  #failed(error: unknown, placed: PlacedText): void {
    const refusal = payloadOf(error);
    this.#set({ refusal });
    this.#mark(refusal, placed);
  }

  /** Marks in the editor what the server found wrong, while the text is still what was run. */
  #mark(error: ErrorPayload | null, placed: PlacedText | null): void {
    const position = error?.details.position;
    if (error === null || position === undefined || placed === null) return;
    const { editor } = this.statement;
    if (editor.state.sliceDoc(placed.from, placed.to) !== placed.text) return;
    editor.markError(placed.from + position.offset, error.message);
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
