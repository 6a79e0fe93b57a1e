import type { SeriesDefinition } from '../../charts/series.ts';
import { tag } from './svg-text.ts';

/** Resolves a CSS variable of the theme, as in `--series-used`, to a colour. */
export type Palette = (variable: string) => string;

const patternId = (key: string) => `fill-${key}`;

/** The pattern of a striped or dotted series; empty for others. */
export function fillPattern({ key, fill, color }: SeriesDefinition, palette: Palette): string {
  if (fill !== 'striped' && fill !== 'dotted') return '';
  const paint = palette(color);
  const figure =
    fill === 'striped'
      ? tag('rect', { width: 2.5, height: 5, fill: paint })
      : tag('circle', { cx: 2.5, cy: 2.5, r: 1.6, fill: paint });
  return tag(
    'pattern',
    {
      id: patternId(key),
      width: 5,
      height: 5,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    `${tag('rect', { width: 5, height: 5, fill: paint, 'fill-opacity': '0.25' })}${figure}`,
  );
}

/** How a shape of a series is painted, as on screen. */
export function paintOf({ key, kind, color, dash, fill = 'solid' }: SeriesDefinition, palette: Palette) {
  const paint = palette(color);
  const filled = {
    solid: { fill: paint, 'fill-opacity': '0.8' },
    faint: { fill: paint, 'fill-opacity': '0.3', stroke: paint, 'stroke-width': 1 },
    striped: { fill: `url(#${patternId(key)})` },
    dotted: { fill: `url(#${patternId(key)})` },
  }[fill];
  switch (kind) {
    case 'area-stack':
      return { ...filled, stroke: paint, 'stroke-width': 1 };
    case 'bars':
      return filled;
    case 'marks':
      return { fill: 'none', stroke: paint, 'stroke-width': '1.75', 'stroke-linecap': 'round' };
    case 'line':
    case 'step':
      return {
        ...{ fill: 'none', stroke: paint, 'stroke-width': 1.5, 'stroke-linejoin': 'round' },
        ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
      };
  }
}

/** A small picture of how a series is drawn, 18 by 10. */
export function swatch(definition: SeriesDefinition, palette: Palette): string {
  const paint = paintOf(definition, palette);
  switch (definition.kind) {
    case 'area-stack':
    case 'bars': {
      const stroke = palette(definition.color);
      return tag('rect', { x: 3.5, y: 0.5, width: 11, height: 9, rx: 1.5, ...paint, stroke });
    }
    case 'marks':
      return tag('path', { d: 'M5.5 1.5l7 7m0-7l-7 7', ...paint });
    case 'line':
    case 'step':
      return tag('path', { d: 'M0 5h18', ...paint, 'stroke-width': 2 });
  }
}
