import { type KeyboardEvent, useState } from 'react';

/**
 * Arrow keys, Home and End within a list of rows: one row is in the tab order, the keys move the
 * focus. Rows carry `data-row={id}`; `rowProps` gives each its place in the tab order.
 */
export function useRowKeys(ids: readonly string[], currentId: string | null) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const known = (id: string | null) => id !== null && ids.includes(id);
  const tabbableId = known(focusedId) ? focusedId : known(currentId) ? currentId : (ids[0] ?? null);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (row === null) return;
    const next = nextIndex(event.key, ids.indexOf(row.dataset.row ?? ''), ids.length);
    if (next === null) return;
    event.preventDefault();
    const target = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')][next];
    target?.focus();
  };

  const rowProps = (id: string) => ({
    'data-row': id,
    tabIndex: id === tabbableId ? 0 : -1,
    onFocus: () => setFocusedId(id),
  });
  return { onKeyDown, rowProps };
}

/** Where a key moves from a row; null when it is no key of ours. Stops at both ends. */
export function nextIndex(key: string, index: number, count: number): number | null {
  if (index < 0 || count === 0) return null;
  if (key === 'ArrowDown') return Math.min(count - 1, index + 1);
  if (key === 'ArrowUp') return Math.max(0, index - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}
