import { memo } from 'react';

interface Props {
  /** Oldest first, evenly spaced; null draws a gap. */
  values: readonly (number | null)[];
  /** Slots the width is divided into; fewer values fill it from the right. */
  slots: number;
  /** The value at the top edge, such as the pool's maximum. */
  top: number;
  widthPx: number;
  heightPx: number;
  /** A CSS variable of the theme. */
  color?: string;
  /** For those who cannot see it; without it the picture is decoration. */
  label?: string;
}

/** A small line without axes: one path in one SVG, cheap enough for every row of a list. */
export const Sparkline = memo(function Sparkline(props: Props) {
  const { values, slots, top, widthPx, heightPx, color = '--series-used', label } = props;
  const { line, dots } = sparklinePaths(values, slots, top, widthPx, heightPx);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or decoration
    <svg
      width={widthPx}
      height={heightPx}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      // A dot at the very edge shows whole.
      overflow="visible"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <path d={line} fill="none" stroke={`var(${color})`} strokeWidth="1.25" strokeLinejoin="round" />
      {dots !== '' && <path d={dots} stroke={`var(${color})`} strokeWidth="3" strokeLinecap="round" />}
    </svg>
  );
});

/**
 * The paths of a sparkline; the newest value stands at the right edge. A value alone between gaps
 * is a line of no length in `dots`, seen when stroked with round caps.
 */
export function sparklinePaths(
  values: readonly (number | null)[],
  slots: number,
  top: number,
  widthPx: number,
  heightPx: number,
): { line: string; dots: string } {
  const stepPx = widthPx / Math.max(1, slots - 1);
  const first = slots - values.length;
  const valueAt = (i: number) => (i + first < 0 ? null : (values[i] ?? null));
  let line = '';
  let dots = '';
  values.forEach((_, i) => {
    const value = valueAt(i);
    if (value === null) return;
    const fraction = top > 0 ? Math.min(1, value / top) : 0;
    const x = Math.round((i + first) * stepPx * 10) / 10;
    // One pixel is left at both edges for the width of the line.
    const y = Math.round((1 + (heightPx - 2) * (1 - fraction)) * 10) / 10;
    if (valueAt(i - 1) !== null) line += `L${x} ${y}`;
    else if (valueAt(i + 1) !== null) line += `M${x} ${y}`;
    else dots += `M${x} ${y}h0`;
  });
  return { line, dots };
}
