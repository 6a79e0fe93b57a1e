import type { ResultCell } from '#shared/model/query.ts';

export interface GridColumn {
  name: string;
  /** As a user would write it: `int8`, `text[]`. */
  type: string;
  /** Figures stand at the end, everything else at the start. */
  atEnd: boolean;
}

/** What a grid shows. A new object whenever any of it has changed. */
export interface GridSource {
  columns: readonly GridColumn[];
  rowCount: number;
  /** Undefined while the row is not here. */
  row(index: number): readonly ResultCell[] | undefined;
}

export const textOf = (cell: ResultCell): string | null =>
  cell === null || typeof cell === 'string' ? cell : cell.cut;

/** More than fits a cell anyone can read; the rest would only cost time to draw. */
const drawnCharacters = 300;

/** A value on one line: line ends and tabs as signs, and a cut said with a sign too. */
export function onOneLine(cell: Exclude<ResultCell, null>): string {
  const text = typeof cell === 'string' ? cell : cell.cut;
  const cut = text.length > drawnCharacters || typeof cell !== 'string';
  const line = text
    .slice(0, drawnCharacters)
    .replace(/\r\n|[\n\r]/g, '⏎')
    .replaceAll('\t', '⇥');
  return cut ? `${line}…` : line;
}
