import type { QueryRun } from '#shared/model/query.ts';
import type { SlowRun } from '#shared/model/query-library.ts';

const keptRuns = 50;
const shownChars = 2000;

/** The runs that kept a server busy longest, since the start of Poolscope. In memory alone. */
export class SlowestRuns {
  readonly #runs: SlowRun[] = [];

  add(run: QueryRun, text: string): void {
    const { state, timing } = run;
    if (timing.serverMs === null || (state !== 'done' && state !== 'failed' && state !== 'cancelled')) return;
    const last = this.#runs.at(-1);
    if (this.#runs.length >= keptRuns && last !== undefined && last.serverMs >= timing.serverMs) return;
    this.#runs.push({
      runId: run.runId,
      profileId: run.profileId,
      text: text.slice(0, shownChars),
      startedAtMs: run.startedAtMs,
      state,
      rows: run.rows,
      waitMs: timing.waitMs ?? 0,
      serverMs: timing.serverMs,
      transferMs: timing.transferMs ?? 0,
    });
    this.#runs.sort((a, b) => b.serverMs - a.serverMs);
    this.#runs.length = Math.min(this.#runs.length, keptRuns);
  }

  list(profileId: string | null): SlowRun[] {
    return this.#runs.filter((run) => profileId === null || run.profileId === profileId);
  }
}
