import type { ManyRuns } from '#shared/contract/query.ts';
import type { QueryRun } from '#shared/model/query.ts';
import { EngineError } from '../../base/errors.ts';
import type { Run } from '../run.ts';
import { fail, isFinal, newRun } from '../run-view.ts';
import { mergedOf } from './merge.ts';

export interface ManySpec {
  manyId: string;
  callerId: string;
  profileIds: readonly string[];
  concurrency: number;
  mode: QueryRun['mode'];
}

export interface ManyDeps {
  /** Starts the run of one target. Throws when it is refused, as for a pool that is closed. */
  start(profileId: string, runId: string): Run;
  newRunId(): string;
  nameOf(profileId: string): string;
  nowMs(): number;
  toPayload(error: unknown): NonNullable<QueryRun['error']>;
  onRun(run: QueryRun): void;
  onChange(many: ManyRuns): void;
}

/** A target: waiting for its turn, on its way, or refused before it had a run. */
interface Target {
  profileId: string;
  runId: string;
  run: Run | null;
  waiting: QueryRun;
}

/** One statement on several databases, a few at a time. That some of them fail is normal. */
export class Many {
  readonly spec: ManySpec;
  readonly #deps: ManyDeps;
  readonly #targets: Target[];
  #isStopped = false;
  /** Settles when all targets are final and their connections given back. Never rejects. */
  readonly over: Promise<void>;

  constructor(deps: ManyDeps, spec: ManySpec) {
    this.#deps = deps;
    this.spec = spec;
    this.#targets = [...new Set(spec.profileIds)].map((profileId) => {
      const runId = deps.newRunId();
      const { manyId, mode } = spec;
      const about = { runId, profileId, transactionId: null, manyId, mode, startedAtMs: deps.nowMs() };
      return { profileId, runId, run: null, waiting: newRun(about) };
    });
    this.over = this.#go();
  }

  get runs(): Run[] {
    return this.#targets.flatMap(({ run }) => run ?? []);
  }

  get view(): ManyRuns {
    const runs = this.#targets.map(({ run, waiting }) => run?.view ?? { ...waiting });
    const complete = runs.every(isFinal);
    const merged = complete ? mergedOf(this.runs, this.#deps.nameOf) : ({ state: 'pending' } as const);
    return { manyId: this.spec.manyId, runs, complete, merged };
  }

  /** Stops all that are not final, and sends no more. */
  async cancel(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.runs.map((run) => (run.isFinal ? run.over : run.cancel())));
    await this.over;
  }

  async #go(): Promise<void> {
    const queue = this.#targets.values();
    // All workers take from one queue.
    const work = async () => {
      for (const target of queue) {
        await this.#one(target);
        this.#deps.onChange(this.view);
      }
    };
    await Promise.all(Array.from({ length: this.spec.concurrency }, work));
  }

  async #one(target: Target): Promise<void> {
    // The caller gets its answer, with the ids of the runs, before the first one is told of.
    await Promise.resolve();
    try {
      if (this.#isStopped) throw new EngineError('cancelled', 'Cancelled before the statement was sent.');
      target.run = this.#deps.start(target.profileId, target.runId);
      await target.run.over;
    } catch (error) {
      fail(target.waiting, this.#deps.toPayload(error));
      target.waiting.columns = null;
      this.#deps.onRun({ ...target.waiting });
    }
  }
}
