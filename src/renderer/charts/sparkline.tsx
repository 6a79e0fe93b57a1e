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
  const path = sparklinePath(values, slots, top, widthPx, heightPx);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or decoration
    <svg
      width={widthPx}
      height={heightPx}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <path d={path} fill="none" stroke={`var(${color})`} strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
});

/** The path of a sparkline; the newest value stands at the right edge. */
export function sparklinePath(
  values: readonly (number | null)[],
  slots: number,
  top: number,
  widthPx: number,
  heightPx: number,
): string {
  const stepPx = widthPx / Math.max(1, slots - 1);
  const first = slots - values.length;
  let path = '';
  let points = 0;
  values.forEach((value, i) => {
    if (value === null || i + first < 0) {
      if (points === 1) path += 'h.1';
      points = 0;
      return;
    }
    const fraction = top > 0 ? Math.min(1, value / top) : 0;
    const x = Math.round((i + first) * stepPx * 10) / 10;
    // One pixel is left at both edges for the width of the line.
    const y = Math.round((1 + (heightPx - 2) * (1 - fraction)) * 10) / 10;
    path += `${points === 0 ? 'M' : 'L'}${x} ${y}`;
    points += 1;
  });
  return points === 1 ? `${path}h.1` : path;
}
