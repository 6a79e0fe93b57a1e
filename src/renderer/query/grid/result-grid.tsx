import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { CopyFormat } from './copy-cells.ts';
import { GridHeader } from './grid-header.tsx';
import { cellId, GridRow } from './grid-row.tsx';
import {
  afterKey,
  type CellPlace,
  type CellRange,
  type GridSelection,
  rangeOf,
  selectCell,
} from './grid-selection.ts';
import type { GridSource } from './grid-source.ts';
import classes from './result-grid.module.css';
import { rowHeight, rowWindow, scrollTopFor } from './row-window.ts';
import { useColumnWidths } from './use-column-widths.ts';

/** Of the header, in the style sheet too. */
const headHeight = 40;
const resizeStepPx = 16;

interface Props {
  label: string;
  source: GridSource;
  /** Rows that are drawn, so that they can be read: `first` to before `end`. */
  onShown(first: number, end: number): void;
  /** The whole value of a cell is wanted: Enter, Space or a double click. */
  onOpen(place: CellPlace): void;
  onCopy(range: CellRange, format: CopyFormat): void;
  /** What is selected, for buttons outside the grid. */
  onSelect(range: CellRange): void;
}

/** Rows and columns of any number, drawn where they are seen; used with the keys of a spreadsheet. */
export function ResultGrid({ label, source, onShown, onOpen, onCopy, onSelect }: Props) {
  const gridId = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [viewport, setViewport] = useState(240);
  const [selection, setSelection] = useState<GridSelection>(selectCell({ row: 0, column: 0 }));
  const { widths, resize, fitWidth } = useColumnWidths(source);
  const { columns, rowCount } = source;
  const numberWidth = Math.ceil(Math.max(4, String(rowCount).length) * 7.85) + 17;

  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => widths[index] ?? 120,
    paddingStart: numberWidth,
    scrollPaddingStart: numberWidth,
    overscan: 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew because the widths changed.
  useLayoutEffect(() => across.measure(), [widths, numberWidth]);
  const shown = across.getVirtualItems();
  const width = across.getTotalSize();

  useEffect(() => {
    const element = scroll.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setViewport(Math.max(rowHeight, element.clientHeight - headHeight)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { bodyHeight, first, end, top } = rowWindow(rowCount, scrollTop, viewport);
  useEffect(() => onShown(first, end), [onShown, first, end]);

  const select = (next: GridSelection) => {
    setSelection(next);
    onSelect(rangeOf(next));
    const element = scroll.current;
    if (element === null) return;
    element.scrollTop = scrollTopFor(next.cursor.row, rowCount, element.scrollTop, viewport);
    across.scrollToIndex(next.cursor.column);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    const { cursor } = selection;
    const acted = () => event.preventDefault();
    if (mod && event.key.toLowerCase() === 'c') {
      onCopy(rangeOf(selection), event.shiftKey ? 'csv' : 'tsv');
      return acted();
    }
    if ((event.key === 'Enter' && !mod) || (event.key === ' ' && !mod)) {
      if (rowCount > 0) onOpen(cursor);
      return acted();
    }
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const step = event.key === 'ArrowLeft' ? -resizeStepPx : resizeStepPx;
      resize(cursor.column, (widths[cursor.column] ?? 0) + step);
      return acted();
    }
    if (event.altKey) return;
    const pageRows = Math.max(1, Math.floor(viewport / rowHeight) - 1);
    const key = { key: event.key, shift: event.shiftKey, mod };
    const next = afterKey(selection, key, { rows: rowCount, columns: columns.length }, pageRows);
    if (next === null) return;
    select(next);
    acted();
  };

  const placeOf = (event: MouseEvent): CellPlace | null => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    if (cell === null) return null;
    return { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
  };
  const onPress = (event: MouseEvent) => {
    const cursor = event.button === 0 ? placeOf(event) : null;
    if (cursor !== null) select(event.shiftKey ? { anchor: selection.anchor, cursor } : selectCell(cursor));
  };
  const onDrag = (event: MouseEvent) => {
    const cursor = event.buttons === 1 ? placeOf(event) : null;
    if (cursor === null) return;
    if (cursor.row === selection.cursor.row && cursor.column === selection.cursor.column) return;
    const next = { anchor: selection.anchor, cursor };
    setSelection(next);
    onSelect(rangeOf(next));
  };

  const range = rangeOf(selection);
  const rows: number[] = [];
  for (let row = first; row < end; row += 1) rows.push(row);
  const cursorDrawn = selection.cursor.row >= first && selection.cursor.row < end;

  return (
    <div
      ref={scroll}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={
        cursorDrawn ? cellId(gridId, selection.cursor.row, selection.cursor.column) : undefined
      }
      tabIndex={0}
      className={classes.scroll}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
      onMouseDown={onPress}
      onMouseMove={onDrag}
      onDoubleClick={(event) => {
        const place = placeOf(event);
        if (place !== null) onOpen(place);
      }}
    >
      <div role="rowgroup" className={classes.head} style={{ width }}>
        <div role="row" aria-rowindex={1} tabIndex={-1} style={{ height: headHeight }}>
          <span
            role="columnheader"
            aria-label="Row"
            aria-colindex={1}
            className={classes.corner}
            style={{ width: numberWidth }}
          >
            #
          </span>
          {shown.map(({ index, start, size }) => {
            const column = columns[index];
            return (
              column !== undefined && (
                <GridHeader
                  key={index}
                  column={column}
                  index={index}
                  left={start}
                  width={size}
                  onSelect={(extend) => {
                    const anchor = { row: 0, column: extend ? selection.anchor.column : index };
                    const last = { row: Math.max(0, rowCount - 1), column: index };
                    setSelection({ anchor: last, cursor: anchor });
                    onSelect(rangeOf({ anchor: last, cursor: anchor }));
                  }}
                  onResize={(wanted) => resize(index, wanted)}
                  onFit={() => fitWidth(index)}
                />
              )
            );
          })}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: bodyHeight, width }}>
        {rows.map((row) => (
          <GridRow
            key={row}
            gridId={gridId}
            row={row}
            top={top + (row - first) * rowHeight}
            width={width}
            numberWidth={numberWidth}
            cells={source.row(row)}
            columns={columns}
            shown={shown}
            selected={row >= range.firstRow && row <= range.lastRow ? range : null}
            cursorColumn={row === selection.cursor.row ? selection.cursor.column : null}
          />
        ))}
      </div>
    </div>
  );
}
