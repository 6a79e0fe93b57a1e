import { EngineError } from '../base/errors.ts';
import { Run, type RunDeps, type RunSpec } from './run.ts';
import type { Transaction } from './transaction.ts';

/** Statuses of runs that are over are kept for so many; their rows go sooner. */
const keptRuns = 500;

/** Every run there is, by the id its caller gave it. */
export class Runs {
  readonly #deps: RunDeps;
  readonly #runs = new Map<string, Run>();

  constructor(deps: RunDeps) {
    this.#deps = deps;
  }

  /** @throws EngineError `not_found` */
  of(runId: string): Run {
    const run = this.#runs.get(runId);
    if (run !== undefined) return run;
    throw new EngineError('not_found', 'That run is closed or long over.', { remedy: 'Run it again.' });
  }

  /** Starts a statement, in a transaction of the user's or one of its own. @throws when it is refused */
  start(spec: RunSpec, transaction: Transaction | null = null): Run {
    if (this.#runs.has(spec.runId)) {
      throw new EngineError('bad_input', 'A run of that id is there already.');
    }
    const run = transaction === null ? new Run(this.#deps, spec, null) : transaction.run(this.#deps, spec);
    this.#runs.set(spec.runId, run);
    this.#forgetOld();
    return run;
  }

  async close(runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    await run.close();
    this.#runs.delete(runId);
  }

  /** Cancels those that are meant if need be, and frees their rows. */
  async closeWhere(isMeant: (spec: RunSpec) => boolean): Promise<void> {
    const meant = [...this.#runs.values()].filter((run) => isMeant(run.spec));
    await Promise.all(meant.map((run) => this.close(run.spec.runId)));
  }

  /** Stops those that are meant; settles when their connections are given back. */
  async cancelWhere(isMeant: (spec: RunSpec) => boolean): Promise<void> {
    const meant = [...this.#runs.values()].filter((run) => isMeant(run.spec));
    await Promise.all(meant.map((run) => (run.isFinal ? run.over : run.cancel())));
  }

  #forgetOld(): void {
    let tooMany = this.#runs.size - keptRuns;
    for (const [runId, run] of this.#runs) {
      if (tooMany <= 0) return;
      if (!run.isFinal) continue;
      void this.close(runId);
      tooMany -= 1;
    }
  }
}
