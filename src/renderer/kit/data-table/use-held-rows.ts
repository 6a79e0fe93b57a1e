import { useEffect, useRef, useState } from 'react';
import { type HeldRow, heldInPlace } from './held-rows.ts';

/** So long after the last key the rows are free to move again. */
const keysHoldMs = 10_000;

/**
 * Rows that keep their places while the pointer is on them, and for a while after keys moved among
 * them. `reason` says what the user chose (order, filter): when it changes they are placed anew.
 */
export function useHeldRows<Item>(rows: readonly HeldRow<Item>[], reason: string) {
  const [pointed, setPointed] = useState(false);
  const [keyed, setKeyed] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const [held, setHeld] = useState({ from: rows, shown: rows, reason });
  const holds = pointed || keyed;
  let current = held;
  if (held.from !== rows || held.reason !== reason || (!holds && held.shown !== rows)) {
    const shown = holds && held.reason === reason ? heldInPlace(held.shown, rows) : rows;
    current = { from: rows, shown, reason };
    setHeld(current);
  }
  const holdForKeys = () => {
    setKeyed(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setKeyed(false), keysHoldMs);
  };
  return {
    rows: current.shown,
    holds,
    holdForKeys,
    holdProps: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
    },
  };
}
