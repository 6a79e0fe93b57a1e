/** A place in a grid, both from 0. */
export interface CellPlace {
  row: number;
  column: number;
}

/** From where the selection began to where the cursor is now; both ends belong to it. */
export interface GridSelection {
  anchor: CellPlace;
  cursor: CellPlace;
}

export interface GridSize {
  rows: number;
  columns: number;
}

/** The rectangle of a selection; last ones included. */
export interface CellRange {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

export const selectCell = (cell: CellPlace): GridSelection => ({ anchor: cell, cursor: cell });

export function rangeOf({ anchor, cursor }: GridSelection): CellRange {
  return {
    firstRow: Math.min(anchor.row, cursor.row),
    lastRow: Math.max(anchor.row, cursor.row),
    firstColumn: Math.min(anchor.column, cursor.column),
    lastColumn: Math.max(anchor.column, cursor.column),
  };
}

export const isWithin = (range: CellRange, row: number, column: number): boolean =>
  row >= range.firstRow && row <= range.lastRow && column >= range.firstColumn && column <= range.lastColumn;

export interface GridKey {
  key: string;
  shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  mod: boolean;
}

/**
 * Where a key takes the selection, as in a spreadsheet: arrows, Home and End within the row, with
 * Ctrl or Cmd to the grid's edges, a page at a time, all of it. With Shift the selection grows. Null
 * when the key is none of these.
 */
export function afterKey(
  selection: GridSelection,
  { key, shift, mod }: GridKey,
  size: GridSize,
  pageRows: number,
): GridSelection | null {
  if (size.rows === 0 || size.columns === 0) return null;
  if (mod && key.toLowerCase() === 'a') {
    const last = { row: size.rows - 1, column: size.columns - 1 };
    return { anchor: { row: 0, column: 0 }, cursor: last };
  }
  const moved = move(selection.cursor, key, mod, size, pageRows);
  if (moved === null) return null;
  const cursor = {
    row: Math.max(0, Math.min(size.rows - 1, moved.row)),
    column: Math.max(0, Math.min(size.columns - 1, moved.column)),
  };
  return shift ? { anchor: selection.anchor, cursor } : selectCell(cursor);
}

function move(from: CellPlace, key: string, mod: boolean, size: GridSize, page: number): CellPlace | null {
  const { row, column } = from;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  switch (key) {
    case 'ArrowDown':
      return { row: mod ? lastRow : row + 1, column };
    case 'ArrowUp':
      return { row: mod ? 0 : row - 1, column };
    case 'ArrowRight':
      return { row, column: mod ? lastColumn : column + 1 };
    case 'ArrowLeft':
      return { row, column: mod ? 0 : column - 1 };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: row - page, column };
    case 'Home':
      return { row: mod ? 0 : row, column: 0 };
    case 'End':
      return { row: mod ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}
