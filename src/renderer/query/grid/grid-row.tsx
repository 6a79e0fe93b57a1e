import type { VirtualItem } from '@tanstack/react-virtual';
import { memo } from 'react';
import type { ResultCell } from '#shared/model/query.ts';
import { type CellRange, isWithin } from './grid-selection.ts';
import { type GridColumn, onOneLine } from './grid-source.ts';
import classes from './result-grid.module.css';
import { rowHeight } from './row-window.ts';

interface Props {
  gridId: string;
  row: number;
  top: number;
  width: number;
  numberWidth: number;
  cells: readonly ResultCell[] | undefined;
  columns: readonly GridColumn[];
  shown: readonly VirtualItem[];
  /** Null when this row has no part in the selection. */
  selected: CellRange | null;
  cursorColumn: number | null;
}

export const cellId = (gridId: string, row: number, column: number) => `${gridId}-${row}-${column}`;

/** One row of what is in view. Rows that are not here yet keep their place. */
export const GridRow = memo(function GridRow(props: Props) {
  const { gridId, row, top, width, numberWidth, cells, columns, shown, selected, cursorColumn } = props;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      tabIndex={-1}
      className={classes.row}
      style={{ transform: `translateY(${top}px)`, width, height: rowHeight }}
    >
      <span role="rowheader" aria-colindex={1} className={classes.number} style={{ width: numberWidth }}>
        {row + 1}
      </span>
      {shown.map(({ index, start, size }) => (
        <div
          key={index}
          id={cellId(gridId, row, index)}
          role="gridcell"
          tabIndex={-1}
          aria-colindex={index + 2}
          aria-selected={selected !== null && isWithin(selected, row, index)}
          className={classes.cell}
          data-row={row}
          data-column={index}
          data-end={columns[index]?.atEnd || undefined}
          data-selected={(selected !== null && isWithin(selected, row, index)) || undefined}
          data-cursor={cursorColumn === index || undefined}
          style={{ left: start, width: size }}
        >
          {cells === undefined ? (
            <span className={classes.more}>…</span>
          ) : (
            <Value cell={cells[index] ?? null} />
          )}
        </div>
      ))}
    </div>
  );
});

function Value({ cell }: { cell: ResultCell }) {
  if (cell === null) return <span className={classes.null}>null</span>;
  return <>{onOneLine(cell)}</>;
}
