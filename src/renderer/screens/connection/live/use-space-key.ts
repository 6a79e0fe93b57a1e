import { type RefObject, useEffect, useRef } from 'react';

/**
 * Calls back on Space while nothing is focused or a chart is; anywhere else Space belongs to the
 * focused part. `area` must be on screen: a tab kept behind another one hears nothing.
 */
export function useSpaceKey(area: RefObject<HTMLElement | null>, onSpace: () => void): void {
  const latest = useRef(onSpace);
  useEffect(() => {
    latest.current = onSpace;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.repeat || event.defaultPrevented) return;
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target !== document.body && target.closest('[data-chart-plot]') === null) return;
      if (area.current?.checkVisibility() !== true) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [area]);
}
