import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import type { WindowState } from './names-window.ts';

/** Every row is as high, so that where a row stands follows from its index alone. */
export const rowHeightPx = 28;
const spareRows = 8;
/** Rows left to scroll when more are asked for: a page is there before they are used up. */
const growWithin = 60;

interface Scroll {
  /** Rows to draw: from, and up to but without. */
  from: number;
  to: number;
  /** The first row in view, and how many fit. */
  firstInView: number;
  inView: number;
  onScroll(): void;
  reveal(index: number): void;
}

/**
 * Which rows are in view, with the scroll position held where rows come or go above: within the same
 * frame, which is why this is not left to a library that hears of a moved scroll position later.
 */
export function useRowScroll(box: RefObject<HTMLElement | null>, state: WindowState): Scroll {
  const { rows, origin, jump, target } = state;
  const [top, setTop] = useState(0);
  const [heightPx, setHeightPx] = useState(480);
  const [held, setHeld] = useState({ origin, jump });

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeightPx(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || (held.origin === origin && held.jump === jump)) return;
    if (held.jump === jump) element.scrollTop += (held.origin - origin) * rowHeightPx;
    else element.scrollTop = topOfTarget(rows, target, element.clientHeight);
    setHeld({ origin, jump });
    setTop(element.scrollTop);
  }, [box, held, origin, jump, rows, target]);

  const onScroll = useCallback(() => setTop(box.current?.scrollTop ?? 0), [box]);
  const reveal = (index: number) => {
    const element = box.current;
    if (element === null) return;
    const rowTop = index * rowHeightPx;
    // The header sticks to the top of the box and covers a row's height.
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    else if (rowTop + 2 * rowHeightPx > element.scrollTop + element.clientHeight)
      element.scrollTop = rowTop + 2 * rowHeightPx - element.clientHeight;
    setTop(element.scrollTop);
  };

  const firstInView = Math.max(0, Math.min(rows.length, Math.floor(top / rowHeightPx)));
  const inView = Math.max(1, Math.ceil(heightPx / rowHeightPx) - 1);
  return {
    from: Math.max(0, firstInView - spareRows),
    to: Math.min(rows.length, firstInView + inView + spareRows),
    ...{ firstInView, inView, onScroll, reveal },
  };
}

export const isNearStart = ({ firstInView }: Scroll): boolean => firstInView < growWithin;
export const isNearEnd = ({ firstInView, inView }: Scroll, count: number): boolean =>
  firstInView + inView > count - growWithin;

function topOfTarget(rows: WindowState['rows'], target: WindowState['target'], heightPx: number): number {
  if (target === 'first') return 0;
  if (target === 'last') return rows.length * rowHeightPx;
  const index = rows.findIndex(({ id }) => id >= target);
  // In the middle, so that its neighbours on both sides are seen.
  return Math.max(0, (index < 0 ? rows.length : index) * rowHeightPx - (heightPx - rowHeightPx) / 2);
}
