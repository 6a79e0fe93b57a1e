import type { QueryRun } from '#shared/model/query.ts';
import { request } from '../../bridge/client.ts';
import { ResultRows } from './result-rows.ts';

/** The rows of one run, read from the engine as they are looked at. */
export const rowsOfRun = (runId: string): ResultRows =>
  new ResultRows((from, limit) => request('query.rows', { runId, from, limit }));

/** Frees what the engine keeps of a run. Nothing is left to do if it fails: it drops results by itself. */
export function closeRun({ runId }: Pick<QueryRun, 'runId'>): void {
  request('query.close', { runId }).catch(() => {});
}
