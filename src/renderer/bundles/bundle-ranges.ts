import { leastSpanMs, type Range, type Span } from '../ranges/range.ts';
import { popped, pushed, type RangeStack, replaced, stackOf } from '../ranges/range-stack.ts';

/** Ways through the range of a bundle, which has an end on both sides and no live one. */
export interface BundleRanges {
  readonly whole: Span;
  readonly stack: RangeStack;
}

export const wholeRange = (whole: Span): BundleRanges => ({ whole, stack: stackOf(fixed(whole)) });

/** The part of the bundle that is shown. */
export function shownSpan({ whole, stack: { current } }: BundleRanges): Span {
  return current.kind === 'fixed' ? { fromMs: current.fromMs, toMs: current.toMs } : whole;
}

export const zoomedTo = (ranges: BundleRanges, span: Span): BundleRanges => ({
  ...ranges,
  stack: pushed(ranges.stack, fixed(within(ranges.whole, span))),
});

export const back = (ranges: BundleRanges): BundleRanges => ({ ...ranges, stack: popped(ranges.stack) });

/** The span before or after the one shown, as far as the bundle reaches. */
export function stepped(ranges: BundleRanges, direction: -1 | 1): BundleRanges {
  const { fromMs, toMs } = shownSpan(ranges);
  const moveMs = direction * (toMs - fromMs);
  const moved = within(ranges.whole, { fromMs: fromMs + moveMs, toMs: toMs + moveMs });
  return { ...ranges, stack: replaced(ranges.stack, fixed(moved)) };
}

/** Twice as long about the same middle, as far as the bundle reaches. */
export function zoomedOut(ranges: BundleRanges): BundleRanges {
  const { fromMs, toMs } = shownSpan(ranges);
  const half = (toMs - fromMs) / 2;
  return zoomedTo(ranges, { fromMs: fromMs - half, toMs: toMs + half });
}

const fixed = ({ fromMs, toMs }: Span): Range => ({ kind: 'fixed', fromMs, toMs });

/** A span of the same length where there is room for it, else the whole. Never too short to draw. */
function within(whole: Span, { fromMs, toMs }: Span): Span {
  const lengthMs = Math.max(toMs - fromMs, leastSpanMs);
  if (lengthMs >= whole.toMs - whole.fromMs) return whole;
  const start = Math.min(Math.max(fromMs, whole.fromMs), whole.toMs - lengthMs);
  return { fromMs: start, toMs: start + lengthMs };
}
