const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What charts show: a span that ends now and moves on, or one that stands still. Whole seconds. */
export type Range = { kind: 'live'; spanMs: number } | { kind: 'fixed'; fromMs: number; toMs: number };

export interface Span {
  fromMs: number;
  toMs: number;
}

/** The ranges offered by name. */
export const presets = [
  { label: '5 m', spanMs: 5 * minuteMs },
  { label: '15 m', spanMs: 15 * minuteMs },
  { label: '1 h', spanMs: hourMs },
  { label: '6 h', spanMs: 6 * hourMs },
  { label: '24 h', spanMs: dayMs },
  { label: '7 d', spanMs: 7 * dayMs },
  { label: '30 d', spanMs: 30 * dayMs },
] as const;

/** Shorter, a chart has too few points to be one. */
export const leastSpanMs = 10_000;
/** Longer ago than this nothing is looked for: it is the longest that history can be kept. */
export const reachMs = 3660 * dayMs;

export const spanOf = (range: Range): number =>
  range.kind === 'live' ? range.spanMs : range.toMs - range.fromMs;

/** Where a range lies at a moment. */
export function boundsOf(range: Range, nowMs: number): Span {
  if (range.kind === 'fixed') return { fromMs: range.fromMs, toMs: range.toMs };
  return { fromMs: nowMs - range.spanMs, toMs: nowMs };
}

export function sameRange(a: Range, b: Range): boolean {
  if (a.kind === 'live') return b.kind === 'live' && a.spanMs === b.spanMs;
  return b.kind === 'fixed' && a.fromMs === b.fromMs && a.toMs === b.toMs;
}

/** A fixed range on whole seconds, long enough to draw, ended no later than now. */
export function fixedRange(span: Span, nowMs: number): Range {
  const middle = (span.fromMs + span.toMs) / 2;
  const half = Math.max(span.toMs - span.fromMs, leastSpanMs) / 2;
  const lengthMs = Math.round((2 * half) / 1000) * 1000;
  const lastMs = Math.ceil(nowMs / 1000) * 1000;
  const toMs = Math.min(Math.round((middle + half) / 1000) * 1000, lastMs);
  return { kind: 'fixed', fromMs: Math.max(0, toMs - lengthMs), toMs };
}

/**
 * The range as long as this one, before it or after it. Later than now there is nothing: what
 * would reach beyond follows live instead.
 */
export function stepped(range: Range, direction: -1 | 1, nowMs: number): Range {
  const spanMs = spanOf(range);
  const { fromMs, toMs } = boundsOf(range, Math.floor(nowMs / 1000) * 1000);
  if (direction > 0 && toMs + spanMs >= nowMs) return { kind: 'live', spanMs };
  return fixedRange({ fromMs: fromMs + direction * spanMs, toMs: toMs + direction * spanMs }, nowMs);
}

/** Twice as long about the same middle; a live range stays live. */
export function zoomedOut(range: Range, nowMs: number): Range {
  const spanMs = Math.min(2 * spanOf(range), reachMs);
  if (range.kind === 'live') return { kind: 'live', spanMs };
  const middle = (range.fromMs + range.toMs) / 2;
  return fixedRange({ fromMs: middle - spanMs / 2, toMs: middle + spanMs / 2 }, nowMs);
}
