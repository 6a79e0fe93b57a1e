import { type RefObject, useEffect, useRef } from 'react';

/**
 * Calls back on Escape while nothing is focused or a chart is. When `onBack` did something, the key
 * is spent; otherwise it leads on to where Escape leads elsewhere.
 */
export function useBackKey(area: RefObject<HTMLElement | null>, onBack: () => boolean): void {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target !== document.body && target.closest('[data-chart-plot]') === null) return;
      if (area.current?.checkVisibility() !== true) return;
      if (latest.current()) event.preventDefault();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [area]);
}
