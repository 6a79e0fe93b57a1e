import { type RowData, type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../charts/formats.ts';
import { useColumnChoice } from './column-choice.ts';
import { ColumnChooser } from './column-chooser.tsx';
import classes from './data-table.module.css';
import type { HeldRow } from './held-rows.ts';
import { columnDefOf, features, type TableColumn } from './table-column.ts';
import { TableHead } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import { useGridKeys } from './use-grid-keys.ts';
import { useHeldRows } from './use-held-rows.ts';

interface Props<Item extends RowData> {
  /** What its rows are: "Sessions". */
  label: string;
  /** Under which the choice of columns is remembered. */
  name: string;
  columns: readonly TableColumn<Item>[];
  /** What is to show, filtered already. The same array as long as nothing changed. */
  items: readonly Item[];
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

export const rowHeightPx = 28;

/**
 * A table of thousands of rows: sorted by its heads, its columns chosen, moved through by arrow keys.
 * Only what is in view is in the document, and nothing moves under the pointer.
 */
export function DataTable<Item extends RowData>(props: Props<Item>) {
  const { label, columns, items, idOf, onOpen, openId = null, toneOf, filterKey = '' } = props;
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
  const reason = JSON.stringify([sorting, filterKey]);
  const { rows, holds, holdForKeys, holdProps } = useHeldRows(sorted, reason);
  const shown = useMemo(() => columns.filter(({ key }) => choice[key] !== false), [columns, choice]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    // The head stands over the rows.
    scrollPaddingStart: rowHeightPx,
    useFlushSync: false,
  });
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
      virtualizer.scrollToIndex(index);
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
  const rowIdOf = (id: string) => `${gridId}-${id}`;
  const virtualRows = virtualizer.getVirtualItems();
  const activeShown = keys.activeIndex >= 0 && virtualRows.some(({ index }) => index === keys.activeIndex);
  const gone = holds ? rows.filter((row) => row.gone).length : 0;

  return (
    <div className={classes.table}>
      <div className={classes.tools}>
        <div className={classes.filters}>{props.tools}</div>
        <p className={classes.count}>
          {items.length === props.total
            ? formatCount(props.total)
            : `${formatCount(items.length)} of ${formatCount(props.total)}`}
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
        aria-activedescendant={activeShown ? rowIdOf(keys.activeId ?? '') : undefined}
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
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
            {virtualRows.map(({ index, start }) => {
              const row = rows[index];
              if (row === undefined) return null;
              return (
                <TableRow
                  key={row.id}
                  domId={rowIdOf(row.id)}
                  row={row}
                  index={index}
                  startPx={start}
                  columns={shown}
                  template={template}
                  active={row.id === keys.activeId}
                  opens={onOpen !== undefined}
                  open={row.id === openId}
                  tone={toneOf?.(row.item)}
                  onChoose={chooseRow}
                />
              );
            })}
          </div>
        </div>
        {rows.length === 0 && <p className={classes.empty}>{props.emptyText}</p>}
      </div>
    </div>
  );
}
