import { type PointerEvent, useState } from 'react';
import type { GridColumn } from './grid-source.ts';
import classes from './result-grid.module.css';

interface Props {
  column: GridColumn;
  index: number;
  left: number;
  width: number;
  onSelect(extend: boolean): void;
  onResize(width: number): void;
  onFit(): void;
}

/** A column's name and type; a click takes the column, its right edge is dragged, a double click there fits. */
export function GridHeader({ column, index, left, width, onSelect, onResize, onFit }: Props) {
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      className={classes.header}
      data-end={column.atEnd || undefined}
      style={{ left, width }}
      title={`${column.name} ${column.type}`}
      tabIndex={-1}
      onClick={(event) => onSelect(event.shiftKey)}
    >
      <span className={classes.name}>{column.name}</span>
      <span className={classes.type}>{column.type}</span>
      <ResizeHandle width={width} onResize={onResize} onFit={onFit} />
    </div>
  );
}

function ResizeHandle({ width, onResize, onFit }: Pick<Props, 'width' | 'onResize' | 'onFit'>) {
  const [from, setFrom] = useState<{ x: number; width: number } | null>(null);
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ x: event.clientX, width });
  };
  return (
    <span
      className={classes.handle}
      data-dragging={from !== null || undefined}
      onPointerDown={begin}
      onPointerMove={(event) => from !== null && onResize(from.width + event.clientX - from.x)}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={onFit}
    />
  );
}
