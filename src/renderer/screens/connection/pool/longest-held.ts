import type { HeldConnection } from '#shared/contract/pool-control.ts';

/** More would be a list to scroll through, and those at its top are the ones that matter. */
const mostShown = 30;

/** Those held longest first, how many more there are, and how many of all are suspected leaks. */
export function longestHeld(held: readonly HeldConnection[]) {
  const sorted = held.toSorted((a, b) => b.heldForMs - a.heldForMs || a.connectionId - b.connectionId);
  return {
    shown: sorted.slice(0, mostShown),
    more: Math.max(0, sorted.length - mostShown),
    suspected: held.filter(({ suspected }) => suspected).length,
  };
}
