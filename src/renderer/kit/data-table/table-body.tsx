import type { RowData } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type RefObject, useEffect, useLayoutEffect } from 'react';
import classes from './data-table.module.css';
import type { HeldRow } from './held-rows.ts';
import type { TableColumn } from './table-column.ts';
import { TableRow } from './table-row.tsx';

export const rowHeightPx = 28;

interface Props<Item extends RowData> {
  gridId: string;
  scroller: RefObject<HTMLDivElement | null>;
  /** Is given the function that brings a row into view. */
  scrollTo: RefObject<((index: number) => void) | null>;
  rows: readonly HeldRow<Item>[];
  columns: readonly TableColumn<Item>[];
  template: string;
  activeId: string | null;
  opens: boolean;
  openId: string | null;
  toneOf: ((item: Item) => 'bad' | 'warn' | undefined) | undefined;
  onChoose(row: HeldRow<Item>): void;
}

function Body<Item extends RowData>(props: Props<Item>) {
  const { gridId, scroller, scrollTo, rows, columns, template, activeId, opens, openId, toneOf, onChoose } =
    props;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 4,
    // The head stands over the rows.
    scrollPaddingStart: rowHeightPx,
    useFlushSync: false,
  });
  useEffect(() => {
    scrollTo.current = (index) => virtualizer.scrollToIndex(index);
    return () => {
      scrollTo.current = null;
    };
  }, [scrollTo, virtualizer]);
  const virtualRows = virtualizer.getVirtualItems();
  const domIdOf = (id: string) => `${gridId}-${id}`;
  const activeShown = virtualRows.some(({ index }) => rows[index]?.id === activeId);
  // A row that was scrolled out of view is not in the document and cannot be pointed at.
  useLayoutEffect(() => {
    if (activeShown) scroller.current?.setAttribute('aria-activedescendant', `${gridId}-${activeId}`);
    else scroller.current?.removeAttribute('aria-activedescendant');
  }, [scroller, gridId, activeId, activeShown]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid without table elements
    <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
      {virtualRows.map(({ index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <TableRow
            key={row.id}
            domId={domIdOf(row.id)}
            row={row}
            index={index}
            startPx={start}
            columns={columns}
            template={template}
            active={row.id === activeId}
            opens={opens}
            open={row.id === openId}
            tone={toneOf?.(row.item)}
            onChoose={onChoose}
          />
        );
      })}
    </div>
  );
}

/** The rows in view and a few beyond. By itself, so that scrolling renders nothing else, and letters typed above nothing here. */
export const TableBody = memo(Body) as typeof Body;
