import { notifications } from '@mantine/notifications';
import { queryLimits, type ResultColumn, type ResultWindow } from '#shared/model/query.ts';
import { formatCount } from '../../charts/formats.ts';
import { notifyFailure } from '../../data/notify.tsx';
import { copyText } from '../../kit/copy-text.ts';
import { type CopyFormat, cellsAsText } from './copy-cells.ts';
import type { CellRange } from './grid-selection.ts';
import { textOf } from './grid-source.ts';

/** A clipboard is no file: beyond this the export is the way. */
const mostCells = 500_000;
const mostCharacters = 30_000_000;

/** Reads rows with cells up to `cellChars`. */
export type ReadWhole = (from: number, limit: number, cellChars: number) => Promise<ResultWindow>;

/**
 * Puts a piece of a result on the clipboard, values in full. One cell goes as it is; more than a row or
 * as CSV, with the names of the columns. Says so when it is too much.
 */
export async function copyRange(
  range: CellRange,
  columns: readonly Pick<ResultColumn, 'name'>[],
  format: CopyFormat,
  read: ReadWhole,
): Promise<void> {
  const rowCount = range.lastRow - range.firstRow + 1;
  const columnCount = range.lastColumn - range.firstColumn + 1;
  const cells = rowCount * columnCount;
  if (cells > mostCells) return tooMuch(`${formatCount(cells)} cells are`);
  try {
    const rows: (string | null)[][] = [];
    let characters = 0;
    while (rows.length < rowCount) {
      const from = range.firstRow + rows.length;
      const limit = Math.min(queryLimits.windowRows, rowCount - rows.length);
      const window = await read(from, limit, queryLimits.valuePieceChars);
      if (window.rows.length === 0) break;
      for (const row of window.rows) {
        const picked = row.slice(range.firstColumn, range.lastColumn + 1).map(textOf);
        for (const text of picked) characters += text?.length ?? 0;
        rows.push(picked);
      }
      if (characters > mostCharacters) return tooMuch('This is');
    }
    const names = columns.slice(range.firstColumn, range.lastColumn + 1).map(({ name }) => name);
    const single = cells === 1 && format === 'tsv';
    const header = rowCount > 1 || format === 'csv' ? names : null;
    const text = single ? (rows[0]?.[0] ?? '') : cellsAsText(rows, header, format);
    await copyText(text, single ? 'the value' : `${formatCount(cells)} cells`);
  } catch (error) {
    notifyFailure('Copying failed', error);
  }
}

function tooMuch(what: string): void {
  notifications.show({
    title: 'Not copied',
    message: `${what} too much for a clipboard. Export the result instead, or select less.`,
    color: 'yellow',
    autoClose: 12_000,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
