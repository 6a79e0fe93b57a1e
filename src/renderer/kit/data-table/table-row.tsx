import type { RowData } from '@tanstack/react-table';
import { memo } from 'react';
import classes from './data-table.module.css';
import type { HeldRow } from './held-rows.ts';
import type { TableColumn } from './table-column.ts';

interface Props<Item extends RowData> {
  domId: string;
  row: HeldRow<Item>;
  index: number;
  startPx: number;
  columns: readonly TableColumn<Item>[];
  template: string;
  active: boolean;
  opens: boolean;
  open: boolean;
  tone: 'bad' | 'warn' | undefined;
  onChoose(row: HeldRow<Item>): void;
}

function Row<Item extends RowData>(props: Props<Item>) {
  const { domId, row, index, startPx, columns, template, active, opens, open, tone, onChoose } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid has the focus and the keys
    <div
      id={domId}
      role="row"
      className={classes.row}
      style={{ transform: `translateY(${startPx}px)`, gridTemplateColumns: template }}
      aria-rowindex={index + 2}
      aria-selected={opens ? open : undefined}
      data-active={active || undefined}
      data-opens={opens || undefined}
      data-gone={row.gone || undefined}
      data-tone={tone}
      onClick={() => onChoose(row)}
    >
      {columns.map(({ key, align, value, cell }) => (
        // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid has the focus
        <div key={key} role="gridcell" className={classes.cell} data-align={align}>
          {cell === undefined ? <PlainCell value={value(row.item)} /> : cell(row.item)}
        </div>
      ))}
    </div>
  );
}

/** One row; drawn anew only when something of it changed. */
export const TableRow = memo(Row) as typeof Row;

function PlainCell({ value }: { value: string | number | boolean | null }) {
  if (value === null) return <Unknown />;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return <span title={String(value)}>{value}</span>;
}

/** What nobody could find out, which is not the same as none. */
export function Unknown() {
  return <span className={classes.unknown}>unknown</span>;
}
