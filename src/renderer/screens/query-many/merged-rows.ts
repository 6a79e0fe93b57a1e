import type { MergedResult } from '#shared/contract/query.ts';
import type { QueryRun, ResultColumn, ResultWindow } from '#shared/model/query.ts';
import { request } from '../../bridge/client.ts';
import type { CellPlace } from '../../query/grid/grid-selection.ts';
import { ResultRows } from '../../query/rows/result-rows.ts';
import type { ValuePlace } from '../../query/rows/value-dialog.tsx';

type Ready = Extract<MergedResult, { state: 'ready' }>;

/** In front of every merged row: where it comes from. */
export const sourceColumn: ResultColumn = { name: 'connection', typeOid: 25, typeName: 'text', kind: 'text' };

/** Reads merged rows with the name of their source in front. */
export async function readMerged(
  input: { manyId: string; from: number; limit: number; cellChars?: number },
  nameOf: (profileId: string) => string,
): Promise<ResultWindow> {
  const { sources, rows, ...window } = await request('query.mergedRows', input);
  return { ...window, rows: rows.map((row, index) => [nameOf(sources[index] ?? ''), ...row]) };
}

export const mergedRows = (manyId: string, nameOf: (profileId: string) => string): ResultRows =>
  new ResultRows((from, limit) => readMerged({ manyId, from, limit }, nameOf));

/** Which value of which run a cell of the merged rows shows; null for the column of sources. */
export function valuePlaceOf(merged: Ready, runs: readonly QueryRun[], cell: CellPlace): ValuePlace | null {
  let row = cell.row;
  const source = merged.sources.find(({ rows }) => {
    if (row < rows) return true;
    row -= rows;
    return false;
  });
  const run = runs.find(({ profileId }) => profileId === source?.profileId);
  const column = merged.columns[cell.column - 1];
  if (run === undefined || column === undefined) return null;
  return { runId: run.runId, row, index: cell.column - 1, column };
}
