import { useState } from 'react';

/** Between two sorts by figures that change every second. */
const settleMs = 5000;

interface Options<Row> {
  rows: readonly Row[];
  idOf: (row: Row) => string;
  compare: (a: Row, b: Row) => number;
  /** Changes when rows come or go or change their state: reason to sort at once. */
  signature: string;
}

/**
 * Keeps rows where they are while the pointer or the focus is on them, and otherwise sorts at most
 * every few seconds, so that nothing moves under the pointer and the eye can follow.
 */
export function useHeldOrder<Row>({ rows, idOf, compare, signature }: Options<Row>) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const sortNow = () => ({ ids: [...rows].sort(compare).map(idOf), signature, sortedAtMs: Date.now() });
  const [held, setHeld] = useState(sortNow);
  const due = held.signature !== signature || Date.now() - held.sortedAtMs >= settleMs;
  if (due && !pointed && !focused) setHeld(sortNow());

  return {
    ordered: inOrder(rows, idOf, held.ids),
    holdProps: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}

/** Rows in a given order of ids; those without a place there come last, as they stand. */
export function inOrder<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  ids: readonly string[],
): Row[] {
  const places = new Map(ids.map((id, index) => [id, index]));
  const placeOf = (row: Row) => places.get(idOf(row)) ?? ids.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
