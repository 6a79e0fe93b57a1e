import { type RefObject, useEffect, useRef } from 'react';

/** Parts that have a use for Space themselves; a chart or a region that merely took focus has none. */
const spaceUsers =
  'input, textarea, select, button, a, [role=tab], [role=radio], [role=dialog], [contenteditable]';

/**
 * Calls back on Space unless it belongs to the focused part. `area` must be on screen: a tab kept
 * behind another one hears nothing.
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
      if (event.target instanceof Element && event.target.closest(spaceUsers) !== null) return;
      if (area.current?.checkVisibility() !== true) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [area]);
}
