import type { MergedResult, MergedWindow } from '#shared/contract/query.ts';
import type { QueryRun, ResultColumn } from '#shared/model/query.ts';
import type { Run } from '../run.ts';
import { isFinal } from '../run-view.ts';

/** Runs whose rows can stand in one table: those that succeeded and have a result. */
const mergeable = ({ state, columns, expired }: QueryRun): boolean =>
  state === 'done' && !expired && columns !== null && columns.length > 0;

function difference(first: readonly ResultColumn[], other: readonly ResultColumn[]): string | null {
  if (first.length !== other.length) return `${first.length} columns here and ${other.length} there`;
  for (const [index, column] of first.entries()) {
    const there = other[index];
    if (there === undefined) continue;
    if (column.name !== there.name)
      return `column ${index + 1} is "${column.name}" here and "${there.name}" there`;
    if (column.typeName !== there.typeName) {
      return `"${column.name}" is ${column.typeName} here and ${there.typeName} there`;
    }
  }
  return null;
}

/** @param nameOf what users call a profile */
export function mergedOf(runs: readonly Run[], nameOf: (profileId: string) => string): MergedResult {
  const views = runs.map((run) => run.view);
  if (!views.every(isFinal)) return { state: 'pending' };
  const [first, ...others] = views.filter(mergeable);
  if (first === undefined) return { state: 'none' };
  const columns = first.columns ?? [];
  for (const other of others) {
    const what = difference(columns, other.columns ?? []);
    if (what === null) continue;
    const reason = `The results of "${nameOf(first.profileId)}" and "${nameOf(other.profileId)}" have different columns: ${what}.`;
    return { state: 'differs', reason };
  }
  const sources = [first, ...others].map(({ profileId, rows }) => ({ profileId, rows }));
  return { state: 'ready', columns, rows: sources.reduce((sum, { rows }) => sum + rows, 0), sources };
}

/** Rows of all of them, one source after another in the order of `mergedOf`. Looked at in part, all are kept. */
export async function mergedWindow(
  runs: readonly Run[],
  from: number,
  limit: number,
  cellChars: number,
): Promise<MergedWindow> {
  const window: MergedWindow = { from, rows: [], sources: [], available: 0, complete: true };
  let before = 0;
  for (const run of runs) {
    const { profileId, rows } = run.view;
    const start = Math.max(0, from + window.rows.length - before);
    const wanted = limit - window.rows.length;
    if (mergeable(run.view)) {
      run.result.touch();
      if (start < rows && wanted > 0 && isGapless(window, from, before)) {
        const part = await run.read((store) => store.window(start, wanted, cellChars));
        window.rows.push(...part.rows);
        window.sources.push(...part.rows.map(() => profileId));
      }
      before += rows;
    }
  }
  window.available = before;
  return window;
}

/** Whether everything before this source was given, or lies before the window: long rows may cut one short. */
const isGapless = (window: MergedWindow, from: number, before: number): boolean =>
  window.rows.length === 0 || from + window.rows.length === before;
