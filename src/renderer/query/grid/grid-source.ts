/** A text too long to be sent along with its row; the whole of it is asked for when wanted. */
export interface CutText {
  text: string;
  /** Of the whole value, characters. */
  length: number;
}

/** A value as PostgreSQL writes it; null is SQL's null. */
export type GridCell = string | null | CutText;

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
  row(index: number): readonly GridCell[] | undefined;
}

export const textOf = (cell: GridCell): string | null =>
  cell === null || typeof cell === 'string' ? cell : cell.text;

/** More than fits a cell anyone can read; the rest would only cost time to draw. */
const drawnCharacters = 300;

/** A value on one line: line ends and tabs as signs, and a cut said with a sign too. */
export function onOneLine(cell: string | CutText): string {
  const text = typeof cell === 'string' ? cell : cell.text;
  const cut = text.length > drawnCharacters || typeof cell !== 'string';
  const line = text.slice(0, drawnCharacters).replace(/\r\n|[\n\r]/g, '⏎').replaceAll('\t', '⇥');
  return cut ? `${line}…` : line;
}
