import type { SeriesDefinition, Slot } from './series.ts';
import { labelFontPx } from './threshold-lines.ts';
import type { Threshold } from './thresholds.ts';

/** How a shape is painted, by the names React uses for SVG's attributes. */
export interface PaintStyle {
  fill?: string;
  fillOpacity?: number;
  stroke?: string;
  strokeWidth?: number;
  strokeOpacity?: number;
  strokeDasharray?: string | undefined;
  strokeLinecap?: 'round';
  strokeLinejoin?: 'round';
}

/** How everything of the range behind is drawn; the legend shows it too. */
export const overlayStroke = { strokeWidth: 1.25, strokeOpacity: 0.7, strokeDasharray: '3 3' } as const;

/** A line that values are measured against: dotted for a limit, dash and dot for a rule, two dots for a critical one. */
export function thresholdStyle({ rule }: Threshold): PaintStyle {
  if (rule === undefined) return { strokeWidth: 1, strokeDasharray: '1 3', strokeLinecap: 'round' };
  return rule.severity === 'critical'
    ? { strokeWidth: 1.5, strokeDasharray: '8 2 2 2 2 2' }
    : { strokeWidth: 1.25, strokeDasharray: '11 3 2 2' };
}

/** The CSS variable of its colour. */
export function thresholdColor({ rule }: Threshold): `--${string}` {
  if (rule === undefined) return '--chart-threshold';
  return rule.severity === 'critical' ? '--status-unhealthy' : '--status-degraded';
}

/** The name of a rule at its line; it stands out from what lies beneath by a rim in the colour of the panel. */
export const ruleLabelStyle = {
  fontSize: labelFontPx,
  textAnchor: 'end',
  strokeWidth: 3,
  // What lies beneath must not be gone.
  strokeOpacity: 0.75,
  strokeLinejoin: 'round',
  paintOrder: 'stroke',
} as const;

/** A heavy line goes beneath what it would hide. */
export function heaviestFirst(series: readonly SeriesDefinition<Slot>[]): SeriesDefinition<Slot>[] {
  return [...series].sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
}

/** Whether an area or bar of this series is filled by a pattern, which must stand beside it. */
export const hasPattern = ({ fill }: SeriesDefinition<Slot>): boolean =>
  fill === 'striped' || fill === 'dotted';

/** The style of a series, `color` already resolved. */
export function styleOf(definition: SeriesDefinition<Slot>, color: string, patternId: string): PaintStyle {
  switch (definition.kind) {
    case 'area-stack':
      return { ...fillOf(definition, color, patternId), stroke: color, strokeWidth: 1 };
    case 'bars':
      return fillOf(definition, color, patternId);
    case 'marks':
      return { fill: 'none', stroke: color, strokeWidth: 1.75, strokeLinecap: 'round' };
    case 'line':
    case 'step':
      return {
        fill: 'none',
        stroke: color,
        strokeWidth: definition.width ?? 1.5,
        strokeLinejoin: 'round',
        strokeDasharray: definition.dash,
      };
  }
}

/** How the area or bar of a series is filled. */
export function fillOf(definition: SeriesDefinition<Slot>, color: string, patternId: string): PaintStyle {
  if (hasPattern(definition)) return { fill: `url(#${patternId})` };
  return definition.fill === 'faint'
    ? { fill: color, fillOpacity: 0.3, stroke: color, strokeWidth: 1 }
    : { fill: color, fillOpacity: 0.8 };
}

/** The values of a line that stand alone, as dots of their own path. */
export const dotsStyle = (definition: SeriesDefinition<Slot>, color: string): PaintStyle => ({
  fill: 'none',
  stroke: color,
  // Wide enough to be found, and whole when it stands at the very foot of the plot.
  strokeWidth: Math.max(2 * overhangPx, definition.width ?? 0),
  strokeLinecap: 'round',
});

/** A line at the very top or foot of the plot shows its whole width. */
export const overhangPx = 2;
