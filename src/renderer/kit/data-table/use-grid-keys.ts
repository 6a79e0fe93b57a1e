import { type KeyboardEvent, useState } from 'react';

interface Options {
  /** The rows in the order they show. */
  ids: readonly { id: string }[];
  /** How far Page Up and Page Down go. */
  pageRows(): number;
  /** The row that is to come into view. */
  onMove(index: number): void;
  onOpen(index: number): void;
}

/** One row of a grid is the active one; arrow keys, Page Up and Down, Home and End move it, Enter opens it. */
export function useGridKeys({ ids, pageRows, onMove, onOpen }: Options) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const activeIndex = activeId === null ? -1 : ids.findIndex(({ id }) => id === activeId);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // A head's button has keys of its own.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      if (activeIndex < 0) return;
      event.preventDefault();
      return onOpen(activeIndex);
    }
    const next = movedIndex(event.key, activeIndex, ids.length, Math.max(1, pageRows()));
    if (next === null) return;
    event.preventDefault();
    setActiveId(ids[next]?.id ?? null);
    onMove(next);
  };
  return { activeId, activeIndex, setActiveId, onKeyDown };
}

/** Where a key moves from a row (-1: from none yet); null when it is no key of ours. Stops at both ends. */
export function movedIndex(key: string, index: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const within = (wanted: number) => Math.min(count - 1, Math.max(0, wanted));
  switch (key) {
    case 'ArrowDown':
      return within(index + 1);
    case 'ArrowUp':
      return index < 0 ? count - 1 : within(index - 1);
    case 'PageDown':
      return within(index + page);
    case 'PageUp':
      return within(index - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
