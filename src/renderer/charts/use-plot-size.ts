import { type RefObject, useEffect, useState } from 'react';
import type { ChartPainter } from './chart-painter.ts';

/** The width of the plot while it stands there (`shown`), and word to the painter of whether it can be seen. */
export function usePlotSize(
  painter: ChartPainter,
  card: RefObject<HTMLElement | null>,
  plot: RefObject<HTMLElement | null>,
  shown: boolean,
): number {
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    if (card.current === null) return;
    const inView = new IntersectionObserver(
      // On a busy page several come at once: how it is now is the last.
      (entries) => painter.setInView(entries.at(-1)?.isIntersecting ?? true),
      { rootMargin: '80px' },
    );
    inView.observe(card.current);
    return () => inView.disconnect();
  }, [painter, card]);
  useEffect(() => {
    if (plot.current === null || !shown) return;
    const size = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)));
    size.observe(plot.current);
    return () => size.disconnect();
  }, [plot, shown]);
  return widthPx;
}
