import { type Range, sameRange } from './range.ts';

/** The range shown, and those that were zoomed out of sight, the latest last. */
export interface RangeStack {
  readonly current: Range;
  readonly past: readonly Range[];
}

const deepest = 50;

export const stackOf = (range: Range): RangeStack => ({ current: range, past: [] });

/** Zooming in or out: the range before can be gone back to. */
export function pushed(stack: RangeStack, range: Range): RangeStack {
  if (sameRange(stack.current, range)) return stack;
  return { current: range, past: [...stack.past, stack.current].slice(-deepest) };
}

/** Stepping: the range shown moves; what it was zoomed from stays. */
export function replaced(stack: RangeStack, range: Range): RangeStack {
  return sameRange(stack.current, range) ? stack : { ...stack, current: range };
}

/** Back to the range before the last zoom; the same stack when there is none. */
export function popped(stack: RangeStack): RangeStack {
  const current = stack.past.at(-1);
  return current === undefined ? stack : { current, past: stack.past.slice(0, -1) };
}

/** The live range to go on with: the latest one zoomed from, or one as long as what is shown. */
export function liveAgain({ current, past }: RangeStack): Range {
  if (current.kind === 'live') return current;
  const before = past.findLast((range) => range.kind === 'live');
  return before ?? { kind: 'live', spanMs: current.toMs - current.fromMs };
}
