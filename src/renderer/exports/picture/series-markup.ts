import type { SeriesDefinition, Slot } from '../../charts/series.ts';
import { fillOf, hasPattern, type PaintStyle, styleOf } from '../../charts/series-style.ts';
import { tag } from './svg-text.ts';

/** Resolves a CSS variable of the theme, as in `--series-used`, to a colour. */
export type Palette = (variable: string) => string;

/** Keys may hold names from a server; an id that CSS refers to may not hold them as they are. */
export const patternId = (key: string): string =>
  `fill-${key.replace(/[^A-Za-z0-9-]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`)}`;

/** A style as SVG writes it. */
export function paint(style: PaintStyle): Record<string, string | undefined> {
  const entries = Object.entries(style).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    value === undefined ? undefined : String(value),
  ]);
  return Object.fromEntries(entries);
}

/** The pattern of a striped or dotted series; empty for others. */
export function fillPattern(definition: SeriesDefinition<Slot>, palette: Palette): string {
  if (!hasPattern(definition)) return '';
  const color = palette(definition.color);
  const figure =
    definition.fill === 'striped'
      ? tag('rect', { width: 2.5, height: 5, fill: color })
      : tag('circle', { cx: 2.5, cy: 2.5, r: 1.6, fill: color });
  return tag(
    'pattern',
    {
      id: patternId(definition.key),
      width: 5,
      height: 5,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    `${tag('rect', { width: 5, height: 5, fill: color, 'fill-opacity': '0.25' })}${figure}`,
  );
}

/** A small picture of how a series is drawn, 18 by 10; its pattern must stand beside it. */
export function swatch(definition: SeriesDefinition<Slot>, palette: Palette): string {
  const color = palette(definition.color);
  const id = patternId(definition.key);
  switch (definition.kind) {
    case 'area-stack':
    case 'bars': {
      const style = paint({ ...fillOf(definition, color, id), stroke: color });
      return tag('rect', { x: 3.5, y: 0.5, width: 11, height: 9, rx: 1.5, ...style });
    }
    case 'marks':
      return tag('path', { d: 'M5.5 1.5l7 7m0-7l-7 7', ...paint(styleOf(definition, color, id)) });
    case 'line':
    case 'step': {
      const style = styleOf(definition, color, id);
      return lineSwatch(color, { ...style, strokeWidth: (style.strokeWidth ?? 1) + 0.5 });
    }
  }
}

/** A line as it is drawn, 18 by 10. */
export const lineSwatch = (color: string, style: PaintStyle): string =>
  tag('path', { d: 'M0 5h18', ...paint({ fill: 'none', stroke: color, ...style }) });
