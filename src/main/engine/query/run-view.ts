import type { ErrorPayload } from '#shared/contract/errors.ts';
import { type QueryNotice, type QueryRun, type QueryRunState, queryLimits } from '#shared/model/query.ts';

/** The face of a run, which changes as it goes on. Others get copies. */
export type LiveRun = QueryRun;

export function newRun(
  about: Pick<QueryRun, 'runId' | 'profileId' | 'transactionId' | 'manyId' | 'mode' | 'startedAtMs'>,
): LiveRun {
  return {
    ...about,
    state: 'waiting',
    backendPid: null,
    columns: null,
    rows: 0,
    cutShort: null,
    command: null,
    affectedRows: null,
    timing: { waitMs: null, serverMs: null, transferMs: null, totalMs: null },
    notices: [],
    noticesDropped: 0,
    attempts: 1,
    error: null,
    expired: false,
  };
}

const finalStates: ReadonlySet<QueryRunState> = new Set(['done', 'failed', 'cancelled']);

export const isFinal = ({ state }: Pick<QueryRun, 'state'>): boolean => finalStates.has(state);

/** A copy that later changes do not reach. */
export const snapshotOf = (run: LiveRun): QueryRun => ({
  ...run,
  timing: { ...run.timing },
  notices: [...run.notices],
});

/** A very long notice, as a function may raise, is cut. */
const longestNotice = 4000;

/** The notice as it is kept; null for one too many, of which nobody is told but by their number. */
export function addNotice(run: LiveRun, notice: QueryNotice): QueryNotice | null {
  if (run.notices.length >= queryLimits.notices) {
    run.noticesDropped += 1;
    return null;
  }
  const kept = { ...notice, message: notice.message.slice(0, longestNotice) };
  run.notices.push(kept);
  return kept;
}

/** "INSERT 0 5", "SELECT 3", "CREATE TABLE": the command, and the rows that it changed. */
export function readTag(tag: string | null): Pick<QueryRun, 'command' | 'affectedRows'> {
  if (tag === null) return { command: null, affectedRows: null };
  const match = /^([A-Z ]+?)(?: \d+)?(?: (\d+))?$/.exec(tag);
  const command = match?.[1] ?? tag;
  const changes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
  return { command, affectedRows: changes ? Number(tag.split(' ').at(-1)) : null };
}

export function fail(run: LiveRun, error: ErrorPayload): void {
  run.state = error.code === 'cancelled' ? 'cancelled' : 'failed';
  run.error = error;
}
