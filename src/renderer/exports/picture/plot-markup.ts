import type { HistoryEvent } from '#shared/model/history-event.ts';
import { ColumnTable } from '../../charts/columns.ts';
import { dotsPath, Lanes, overlayShapeOf, shapeOf } from '../../charts/paths.ts';
import type { SeriesView, Slot } from '../../charts/series.ts';
import {
  dotsStyle,
  heaviestFirst,
  overhangPx,
  overlayStroke,
  ruleLabelStyle,
  styleOf,
  thresholdColor,
  thresholdStyle,
} from '../../charts/series-style.ts';
import { labelInsetPx, thresholdLines } from '../../charts/threshold-lines.ts';
import { frameFor, tickLabel } from '../../charts/time-axis.ts';
import { valueAxis } from '../../charts/value-axis.ts';
import type { ChartPicture } from './chart-picture.ts';
import { eventBands, eventLines } from './event-markup.ts';
import { paint, patternId } from './series-markup.ts';
import { roughWidthPx, svgText, tag } from './svg-text.ts';

export const axisWidthPx = 52;
export const plotHeightPx = 180;
/** How far a label of the time axis may reach beyond the plot. */
const edgePx = 16;

/** Axes, grid, series, the range behind them, thresholds and events; its top left corner is at 0, 0. */
export function plot(picture: ChartPicture, widthPx: number, events: readonly HistoryEvent[]): string {
  const { series, axis, palette, shown } = picture;
  const { view, hidden, overlay, thresholds } = shown;
  const own = new ColumnTable(series);
  const behind = new ColumnTable(series);
  const highest = Math.max(own.fill(view, hidden), overlay === null ? 0 : behind.fill(overlay.view, hidden));
  const values = valueAxis(highest, axis);
  const scale = { top: values.top, heightPx: plotHeightPx };
  const drawn = new Set(series.filter(({ key }) => !hidden.has(key)).map(({ key }) => key));

  const lanes = new Lanes();
  const overlaid: string[] = [];
  if (overlay !== null) {
    lanes.place(overlay.view, widthPx);
    for (const { definition, lower, upper } of behind.series) {
      const shape = overlayShapeOf[definition.kind];
      if (!drawn.has(definition.key) || definition.overlaid === false || shape === null) continue;
      const style = paint({ fill: 'none', stroke: palette(definition.color), ...overlayStroke });
      overlaid.push(path(shape(lanes, lower, upper, scale), style));
    }
  }
  lanes.place(view, widthPx);
  const shapes = heaviestFirst(series).flatMap((definition) => {
    const column = own.series.find((other) => other.definition === definition);
    if (column === undefined || !drawn.has(definition.key)) return [];
    const color = palette(definition.color);
    const d = shapeOf[definition.kind](lanes, column.lower, column.upper, scale);
    const dots = definition.kind === 'line' ? dotsPath(lanes, column.upper, scale) : '';
    const style = paint(styleOf(definition, color, patternId(definition.key)));
    return [path(d, style), path(dots, paint(dotsStyle(definition, color)))];
  });
  const limits = thresholdLines(thresholds, own.series, lanes, scale, widthPx).map(
    ({ threshold, d, label }) => {
      const color = palette(thresholdColor(threshold));
      const line = path(d, paint({ fill: 'none', stroke: color, ...thresholdStyle(threshold) }));
      if (label === null) return line;
      const rim = paint({ ...ruleLabelStyle, stroke: palette('--surface-panel') });
      return line + words({ x: widthPx - labelInsetPx, y: label.yPx, fill: color, ...rim }, label.text);
    },
  );
  // A svg of its own cuts off what lies beyond the plot; a line at its very edge keeps its width.
  const heightPx = plotHeightPx + 2 * overhangPx;
  const cut = { x: axisWidthPx, y: -overhangPx, width: widthPx, height: heightPx };
  const viewBox = `0 ${-overhangPx} ${widthPx} ${heightPx}`;
  const frame = { ...view, windowMs: view.toMs - view.fromMs };
  const bands = eventBands(events, frame, widthPx, plotHeightPx, palette);
  const lines = eventLines(events, frame, widthPx, plotHeightPx, palette);
  return [
    valueGrid(picture, values, widthPx),
    timeGrid(picture, view, widthPx),
    tag(
      'svg',
      { ...cut, viewBox, overflow: 'hidden' },
      [bands, ...overlaid, ...shapes, ...limits, lines].join(''),
    ),
    view.buckets.length > 0 ? '' : emptyText(picture, widthPx),
  ].join('');
}

const path = (d: string, style: ReturnType<typeof paint>) => (d === '' ? '' : tag('path', { d, ...style }));

const labelStyle = ({ palette }: ChartPicture) => ({ 'font-size': 11, fill: palette('--chart-axis') });

function valueGrid(picture: ChartPicture, values: { top: number; ticks: number[] }, widthPx: number): string {
  const { palette, formatTick } = picture;
  const rows = values.ticks.map((value) => {
    const y = plotHeightPx * (1 - value / values.top);
    const d = `M${axisWidthPx} ${y.toFixed(1)}h${widthPx}`;
    const label = { x: axisWidthPx - 6, y: y + 4, ...labelStyle(picture), 'text-anchor': 'end' };
    return (
      path(d, paint({ fill: 'none', stroke: palette('--chart-grid') })) + words(label, formatTick(value))
    );
  });
  const foot = paint({ fill: 'none', stroke: palette('--chart-axis'), strokeOpacity: 0.5 });
  return rows.join('') + path(`M${axisWidthPx} ${plotHeightPx}h${widthPx}`, foot);
}

/** The same times as on screen, in the same zone. */
function timeGrid(picture: ChartPicture, view: SeriesView<Slot>, widthPx: number): string {
  const frame = frameFor(null, view, 0, picture.shown.zone);
  return frame.ticksMs
    .filter((atMs) => atMs <= view.toMs)
    .map((atMs) => {
      const label = tickLabel(atMs, frame);
      const x = axisWidthPx + (widthPx * (atMs - view.fromMs)) / (view.toMs - view.fromMs);
      const line = paint({ fill: 'none', stroke: picture.palette('--chart-grid') });
      // At either end a label would be cut off, or run into the value axis.
      const halfPx = roughWidthPx(label, 11) / 2;
      const fits = x - halfPx > axisWidthPx - 14 && x + halfPx < axisWidthPx + widthPx + edgePx;
      const place = { x, y: plotHeightPx + 15, ...labelStyle(picture), 'text-anchor': 'middle' };
      return path(`M${x.toFixed(1)} 0v${plotHeightPx}`, line) + (fits ? words(place, label) : '');
    })
    .join('');
}

function emptyText(picture: ChartPicture, widthPx: number): string {
  const middle = { x: axisWidthPx + widthPx / 2, y: plotHeightPx / 2, 'text-anchor': 'middle' };
  return words({ ...middle, ...labelStyle(picture) }, 'No samples in this range');
}

const words = (attributes: Record<string, string | number | undefined>, content: string) =>
  tag('text', attributes, svgText(content));
