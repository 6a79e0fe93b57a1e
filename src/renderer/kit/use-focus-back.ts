import { useRef } from 'react';

/**
 * Where the focus was when something opened, for what is closed so soon on a busy machine that its own
 * focus trap comes last: then nothing has the focus. @returns what gives it back, for when it is gone
 */
export function useFocusBack(opened: boolean): () => void {
  const opener = useRef<Element | null>(null);
  const wasOpened = useRef(false);
  // In the render that opens it: by the time of an effect the trap may have taken the focus.
  if (opened && !wasOpened.current) opener.current = document.activeElement;
  wasOpened.current = opened;
  return () => {
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (isNowhere && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
}
