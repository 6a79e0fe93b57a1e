import { ColumnTable } from '../../charts/columns.ts';
import { Lanes, shapeOf } from '../../charts/paths.ts';
import type { SeriesDefinition, SeriesView } from '../../charts/series.ts';
import { valueAxis } from '../../charts/value-axis.ts';
import { utcRange } from '../../kit/utc-words.ts';
import { timeTicks } from './picture-times.ts';
import { fillPattern, type Palette, paintOf, swatch } from './series-markup.ts';
import { cutToWidth, roughWidthPx, svgText, tag } from './svg-text.ts';

/** A chart to be drawn as a picture that stands by itself. */
export interface ChartPicture {
  title: string;
  /** What one unit of the value axis is, in words. */
  unit: string;
  /** Name and target of the connection. */
  subject: string;
  series: readonly SeriesDefinition[];
  hidden: ReadonlySet<string>;
  view: SeriesView;
  axis: { least: number; wholeNumbers: boolean };
  formatTick(value: number): string;
  palette: Palette;
  /** Width before it is drawn at twice the size. */
  widthPx: number;
}

/** Pictures are drawn at twice their size on screen, so that they stay sharp where they are pasted. */
export const pictureScale = 2;

const paddingPx = 16;
const axisWidthPx = 52;
const plotHeightPx = 180;
const legendRowPx = 18;
/** Names as every system has them; the picture brings no font along. */
const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/** The chart as a standalone SVG: title, connection, range in UTC, legend and plot; no address, script or style in it. */
export function chartPicture(picture: ChartPicture): { svg: string; widthPx: number; heightPx: number } {
  const { title, unit, view, palette, widthPx } = picture;
  const innerPx = widthPx - 2 * paddingPx;
  const legend = legendRows(picture, innerPx);
  const plotTopPx = paddingPx + 66 + legend.heightPx;
  const heightPx = plotTopPx + plotHeightPx + 20 + paddingPx;
  const dim = { 'font-size': 11, fill: palette('--text-dim') };
  const shownTitle = cutToWidth(title, 15, innerPx * 0.7);
  const heading = [
    // In one line of text, so that the unit follows the title however wide that turns out.
    tag(
      'text',
      { x: paddingPx, y: 30 },
      tag('tspan', { 'font-size': 14, 'font-weight': '600' }, svgText(shownTitle)) +
        tag(
          'tspan',
          { dx: 8, ...dim },
          svgText(cutToWidth(unit, 11, innerPx - roughWidthPx(shownTitle, 15) - 8)),
        ),
    ),
    text(paddingPx, 48, cutToWidth(picture.subject, 11, innerPx), { 'font-size': 11 }),
    text(paddingPx, 64, utcRange(view.fromMs, view.toMs), dim),
  ].join('');
  const body = [
    tag('rect', { width: widthPx, height: heightPx, fill: palette('--surface-panel') }),
    heading,
    tag('g', { transform: `translate(${paddingPx} ${paddingPx + 58})` }, legend.markup),
    tag('g', { transform: `translate(${paddingPx} ${plotTopPx})` }, plot(picture, innerPx - axisWidthPx)),
  ].join('');
  const svg = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: widthPx * pictureScale,
      height: heightPx * pictureScale,
      viewBox: `0 0 ${widthPx} ${heightPx}`,
      role: 'img',
      'aria-label': `${title}, ${picture.subject}, ${utcRange(view.fromMs, view.toMs)}`,
      'font-family': fontFamily,
      fill: palette('--text'),
    },
    body,
  );
  return { svg, widthPx: widthPx * pictureScale, heightPx: heightPx * pictureScale };
}

const text = (x: number, y: number, content: string, attributes: Record<string, string | number>) =>
  tag('text', { x, y, ...attributes }, svgText(content));

function legendRows({ series, hidden, palette }: ChartPicture, widthPx: number) {
  let [x, row, markup] = [0, 0, ''];
  for (const definition of series) {
    if (hidden.has(definition.key)) continue;
    const entryPx = 24 + roughWidthPx(definition.label, 11) + 14;
    if (x > 0 && x + entryPx > widthPx) [x, row] = [0, row + 1];
    const label = text(24, 9, definition.label, { 'font-size': 11 });
    const place = `translate(${Math.round(x)} ${row * legendRowPx})`;
    markup += tag('g', { transform: place }, swatch(definition, palette) + label);
    x += entryPx;
  }
  return { markup, heightPx: (row + 1) * legendRowPx };
}

function plot(picture: ChartPicture, widthPx: number): string {
  const { series, hidden, view, axis, formatTick, palette } = picture;
  const table = new ColumnTable(series);
  const values = valueAxis(table.fill(view, hidden), axis);
  const lanes = new Lanes();
  lanes.place(view, widthPx);
  const scale = { top: values.top, heightPx: plotHeightPx };
  const grid = palette('--chart-grid');
  const label = { 'font-size': 11, fill: palette('--chart-axis') };

  const rows = values.ticks.map((value) => {
    const y = plotHeightPx * (1 - value / values.top);
    const line = tag('path', { d: `M${axisWidthPx} ${y.toFixed(1)}h${widthPx}`, stroke: grid, fill: 'none' });
    return line + text(axisWidthPx - 6, y + 4, formatTick(value), { ...label, 'text-anchor': 'end' });
  });
  const columns = timeTicks(view.fromMs, view.toMs).map(({ atMs, label: time }) => {
    const x = axisWidthPx + (widthPx * (atMs - view.fromMs)) / (view.toMs - view.fromMs);
    const line = tag('path', { d: `M${x.toFixed(1)} 0v${plotHeightPx}`, stroke: grid, fill: 'none' });
    // At either end a label would be cut off, or run into the value axis.
    const halfPx = roughWidthPx(time, 11) / 2;
    const fits = x - halfPx > axisWidthPx - 14 && x + halfPx < axisWidthPx + widthPx + paddingPx;
    return line + (fits ? text(x, plotHeightPx + 15, time, { ...label, 'text-anchor': 'middle' }) : '');
  });
  const shapes = table.series
    .filter(({ definition }) => !hidden.has(definition.key))
    .map(({ definition, lower, upper }) => {
      const d = shapeOf[definition.kind](lanes, lower, upper, scale);
      const pattern = fillPattern(definition, palette);
      return pattern + (d === '' ? '' : tag('path', { d, ...paintOf(definition, palette) }));
    });
  const foot = tag('path', {
    ...{ d: `M${axisWidthPx} ${plotHeightPx}h${widthPx}`, fill: 'none' },
    ...{ stroke: palette('--chart-axis'), 'stroke-opacity': '0.5' },
  });
  const empty =
    view.buckets.length > 0
      ? ''
      : text(axisWidthPx + widthPx / 2, plotHeightPx / 2, 'No samples in this range', {
          ...label,
          'text-anchor': 'middle',
        });
  // A svg of its own cuts off what lies beyond the plot; a line at its very edge keeps its width.
  const cut = { x: axisWidthPx, y: -2, width: widthPx, height: plotHeightPx + 4 };
  const viewBox = `0 -2 ${widthPx} ${plotHeightPx + 4}`;
  return [
    ...rows,
    ...columns,
    foot,
    tag('svg', { ...cut, viewBox, overflow: 'hidden' }, shapes.join('')),
    empty,
  ].join('');
}
