/** Widths a column may have, in pixels. */
export const narrowest = 48;
export const widest = 1200;
const widestAtFirst = 360;

/** Of the grid's monospace at 0.8125rem; the fonts of the theme differ by less than a pixel. */
const characterPx = 7.85;
const paddingPx = 18;

/**
 * A width for a column from its name, its type and the first values: wide enough to read most, no
 * wider than a reader wants before asking for more.
 */
export function firstWidth(name: string, type: string, values: readonly (string | null)[]): number {
  const header = (name.length + type.length + 1) * characterPx;
  let longest = 4;
  for (const value of values) longest = Math.max(longest, lengthOf(value));
  const wanted = Math.max(Math.min(header, 240), longest * characterPx) + paddingPx;
  return Math.round(Math.max(narrowest, Math.min(widestAtFirst, wanted)));
}

/** Up to its first line end, and never more than can be shown. */
function lengthOf(value: string | null): number {
  if (value === null) return 4;
  const head = value.slice(0, 80);
  const lineEnd = head.indexOf('\n');
  return lineEnd < 0 ? head.length : lineEnd + 1;
}

export const clampWidth = (width: number): number => Math.round(Math.max(narrowest, Math.min(widest, width)));
