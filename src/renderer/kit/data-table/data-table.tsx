import { type RowData, type SortingState, useTable } from '@tanstack/react-table';
import { type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../charts/formats.ts';
import { useColumnChoice } from './column-choice.ts';
import { ColumnChooser } from './column-chooser.tsx';
import classes from './data-table.module.css';
import type { HeldRow } from './held-rows.ts';
import { rowHeightPx, TableBody } from './table-body.tsx';
import { columnDefOf, features, type TableColumn } from './table-column.ts';
import { TableHead } from './table-head.tsx';
import { useGridKeys } from './use-grid-keys.ts';
import { useHeldRows } from './use-held-rows.ts';

interface Props<Item extends RowData> {
  /** What its rows are: "Sessions". */
  label: string;
  /** Under which the choice of columns is remembered. */
  name: string;
  columns: readonly TableColumn<Item>[];
  /** Everything there is. The same array as long as nothing changed. */
  items: readonly Item[];
  /** Those of the items that match a filter; all of them unless told. Sorting is not done anew for it. */
  matching?: ReadonlySet<Item>;
  /** How many there are in all. */
  total: number;
  idOf(item: Item): string;
  /** How it starts; null leaves the items in their own order until a head is clicked. */
  sortedBy: { key: string; largestFirst: boolean } | null;
  /** Changes with the filter: the rows are placed anew even under the pointer. */
  filterKey?: string;
  /** A row was clicked, or Enter pressed on it. */
  onOpen?(item: Item): void;
  /** The row whose details show. */
  openId?: string | null;
  /** Of a row that calls for attention. */
  toneOf?(item: Item): 'bad' | 'warn' | undefined;
  /** Filters and buttons; left of the choice of columns. */
  tools?: ReactNode;
  emptyText: string;
}

/**
 * A table of thousands of rows: sorted by its heads, its columns chosen, moved through by arrow keys.
 * Only what is in view is in the document, and nothing moves under the pointer.
 */
export function DataTable<Item extends RowData>(props: Props<Item>) {
  const { label, columns, items, matching, idOf, onOpen, openId = null, toneOf, filterKey = '' } = props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { choice, choose } = useColumnChoice(props.name, columns as readonly TableColumn<never>[]);
  const [sorting, setSorting] = useState<SortingState>(
    props.sortedBy === null ? [] : [{ id: props.sortedBy.key, desc: props.sortedBy.largestFirst }],
  );
  const defs = useMemo(() => columns.map(columnDefOf), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: items,
    getRowId: idOf,
    state: { sorting, columnVisibility: choice },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  });
  const model = table.getRowModel();
  const sorted = useMemo(
    () => model.rows.map(({ id, original }): HeldRow<Item> => ({ id, item: original, gone: false })),
    [model],
  );
  const wanted = useMemo(
    () => (matching === undefined ? sorted : sorted.filter(({ item }) => matching.has(item))),
    [sorted, matching],
  );
  const reason = JSON.stringify([sorting, filterKey]);
  const { rows, holds, holdForKeys, holdProps } = useHeldRows(wanted, reason);
  const shown = useMemo(() => columns.filter(({ key }) => choice[key] !== false), [columns, choice]);

  const scrollTo = useRef<((index: number) => void) | null>(null);
  const open = useCallback(
    (row: HeldRow<Item> | undefined) => {
      if (row !== undefined && !row.gone) onOpen?.(row.item);
    },
    [onOpen],
  );
  const keys = useGridKeys({
    ids: rows,
    pageRows: () => Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx) - 2,
    onMove: (index) => {
      holdForKeys();
      scrollTo.current?.(index);
    },
    onOpen: (index) => open(rows[index]),
  });
  const chooseRow = useCallback(
    (row: HeldRow<Item>) => {
      keys.setActiveId(row.id);
      open(row);
    },
    [keys.setActiveId, open],
  );

  const template = shown
    .map(({ widthPx, grows }) => (grows ? `minmax(${widthPx}px, 1fr)` : `${widthPx}px`))
    .join(' ');
  const leastWidthPx = shown.reduce((sum, { widthPx }) => sum + widthPx, 0);
  const count = matching?.size ?? items.length;
  const gone = holds ? rows.filter((row) => row.gone).length : 0;

  return (
    <div className={classes.table}>
      <div className={classes.tools}>
        <div className={classes.filters}>{props.tools}</div>
        <p className={classes.count}>
          {count === props.total
            ? formatCount(props.total)
            : `${formatCount(count)} of ${formatCount(props.total)}`}
          {gone > 0 && ` · ${formatCount(gone)} ended`}
        </p>
        <ColumnChooser columns={columns} choice={choice} onChoose={choose} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: rows out of view are not in the document, so a real table would lie */}
      <div
        ref={scroller}
        id={gridId}
        className={classes.scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={shown.length}
        onKeyDown={keys.onKeyDown}
        {...holdProps}
      >
        <div className={classes.inner} style={{ minWidth: leastWidthPx }}>
          <TableHead
            columns={shown}
            template={template}
            sorting={sorting}
            onSort={(id, desc) => setSorting([{ id, desc }])}
          />
          <TableBody
            gridId={gridId}
            scroller={scroller}
            scrollTo={scrollTo}
            rows={rows}
            columns={shown}
            template={template}
            activeId={keys.activeId}
            opens={onOpen !== undefined}
            openId={openId}
            toneOf={toneOf}
            onChoose={chooseRow}
          />
        </div>
        {rows.length === 0 && <p className={classes.empty}>{props.emptyText}</p>}
      </div>
    </div>
  );
}
