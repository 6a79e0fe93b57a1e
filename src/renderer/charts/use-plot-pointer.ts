import { type PointerEvent, useRef } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import type { ChartCommands } from './commands.ts';
import { type Crosshair, spanOfSelection } from './crosshair.ts';

/** A press that moves less than this is a click. */
const clickWithinPx = 4;

interface Press {
  startPx: number;
  anchorMs: number;
  dragging: boolean;
}

/**
 * What the pointer does on a plot: moving reads, a click pins the crosshair, a drag zooms (with
 * Shift it only selects), a double click goes back.
 */
export function usePlotPointer(painter: ChartPainter, crosshair: Crosshair, commands: ChartCommands) {
  const press = useRef<Press | null>(null);
  /** Read once per visit: asking on every move would make the browser lay out the page each time. */
  const leftPx = useRef(0);
  const enter = (event: PointerEvent<HTMLDivElement>) => {
    leftPx.current = event.currentTarget.getBoundingClientRect().left;
  };

  return {
    onPointerEnter: (event: PointerEvent<HTMLDivElement>) => {
      enter(event);
      painter.setActive(true);
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const xPx = event.clientX - leftPx.current;
      const { current } = press;
      if (current !== null && Math.abs(xPx - current.startPx) >= clickWithinPx) current.dragging = true;
      const atMs = painter.momentAt(xPx, current !== null);
      crosshair.hover(atMs);
      if (current?.dragging && atMs !== null) {
        crosshair.select({ anchorMs: current.anchorMs, headMs: atMs });
      }
    },
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return;
      enter(event);
      const startPx = event.clientX - leftPx.current;
      const anchorMs = painter.momentAt(startPx);
      if (anchorMs === null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { startPx, anchorMs, dragging: false };
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => {
      const { current } = press;
      press.current = null;
      const view = painter.view();
      if (current === null || view === null) return;
      if (!current.dragging) {
        const before = crosshair.pinnedMs;
        crosshair.select(null);
        crosshair.pin(before === current.anchorMs ? null : current.anchorMs);
      } else if (crosshair.selection !== null && !event.shiftKey) {
        commands.zoomTo(spanOfSelection(crosshair.selection, view.bucketMs));
      }
    },
    onPointerCancel: () => {
      press.current = null;
      crosshair.select(null);
    },
    onPointerLeave: () => {
      painter.setActive(false);
      crosshair.hover(null);
    },
    onDoubleClick: () => {
      crosshair.clear();
      commands.back();
    },
  };
}
