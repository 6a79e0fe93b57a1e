import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { SeriesDefinition, Slot } from '../../charts/series.ts';
import { overlayStroke, thresholdColor, thresholdStyle } from '../../charts/series-style.ts';
import type { ShownChart } from '../../charts/shown-chart.ts';
import { formatSpanWithZone } from '../../time/clock.ts';
import { eventRows } from './event-markup.ts';
import { axisWidthPx, plot, plotHeightPx } from './plot-markup.ts';
import { fillPattern, lineSwatch, type Palette, swatch } from './series-markup.ts';
import { cutToWidth, roughWidthPx, svgText, tag } from './svg-text.ts';

/** A chart to be drawn as a picture that stands by itself. */
export interface ChartPicture {
  title: string;
  /** What one unit of the value axis is, in words. */
  unit: string;
  /** Name and target of the connection. */
  subject: string;
  series: readonly SeriesDefinition<Slot>[];
  /** Its width is that before it is drawn at twice the size. */
  shown: ShownChart<Slot>;
  axis: { least: number; wholeNumbers: boolean };
  formatTick(value: number): string;
  palette: Palette;
}

/** Pictures are drawn at twice their size on screen, so that they stay sharp where they are pasted. */
export const pictureScale = 2;

const paddingPx = 16;
const legendRowPx = 18;
/** Names as every system has them; the picture brings no font along. */
const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/**
 * The chart as a standalone SVG: title, connection, range with its zone, legend, plot, and what
 * happened meanwhile; no address, script or style in it.
 */
export function chartPicture(picture: ChartPicture): { svg: string; widthPx: number; heightPx: number } {
  const { title, unit, palette, shown } = picture;
  const { widthPx, view } = shown;
  const innerPx = widthPx - 2 * paddingPx;
  const legend = legendRows(picture, innerPx);
  const events = eventRows(eventsWithin(shown), shown, palette, innerPx);
  const plotTopPx = paddingPx + 66 + legend.heightPx;
  const eventsTopPx = plotTopPx + plotHeightPx + 20;
  const heightPx = eventsTopPx + events.heightPx + paddingPx;
  const dim = { 'font-size': 11, fill: palette('--text-dim') };
  const shownTitle = cutToWidth(title, 15, innerPx * 0.7);
  const range = formatSpanWithZone(view.fromMs, view.toMs, shown.zone);
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
    text(paddingPx, 64, range, dim),
  ].join('');
  const at = (topPx: number) => ({ transform: `translate(${paddingPx} ${topPx})` });
  const body = [
    tag('rect', { width: widthPx, height: heightPx, fill: palette('--surface-panel') }),
    heading,
    tag('g', at(paddingPx + 58), legend.markup),
    tag('g', at(plotTopPx), plot(picture, innerPx - axisWidthPx, eventsWithin(shown))),
    events.markup === '' ? '' : tag('g', at(eventsTopPx), events.markup),
  ].join('');
  const svg = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: widthPx * pictureScale,
      height: heightPx * pictureScale,
      viewBox: `0 0 ${widthPx} ${heightPx}`,
      role: 'img',
      'aria-label': `${title}, ${picture.subject}, ${range}`,
      'font-family': fontFamily,
      fill: palette('--text'),
    },
    body,
  );
  return { svg, widthPx: widthPx * pictureScale, heightPx: heightPx * pictureScale };
}

const text = (x: number, y: number, content: string, attributes: Record<string, string | number>) =>
  tag('text', { x, y, ...attributes }, svgText(content));

function eventsWithin({ events, view }: ShownChart<Slot>): HistoryEvent[] {
  return events.filter(({ fromMs, toMs }) => toMs >= view.fromMs && fromMs < view.toMs);
}

/** The series shown, the range behind them, and the thresholds, as in the legend on screen. */
function legendRows({ series, shown, palette }: ChartPicture, widthPx: number) {
  const { hidden, overlay, thresholds, zone } = shown;
  const entries = series
    .filter(({ key }) => !hidden.has(key))
    .map((definition) => ({
      label: definition.label,
      sign: fillPattern(definition, palette) + swatch(definition, palette),
    }));
  if (overlay !== null) {
    const { fromMs, toMs } = overlay.view;
    const label = `${overlay.label} (${formatSpanWithZone(fromMs, toMs, zone)})`;
    entries.push({ label, sign: lineSwatch(palette('--text-dim'), overlayStroke) });
  }
  for (const threshold of thresholds) {
    const sign = lineSwatch(palette(thresholdColor(threshold)), thresholdStyle(threshold));
    entries.push({ label: threshold.label, sign });
  }
  let [x, row, markup] = [0, 0, ''];
  for (const { label, sign } of entries) {
    const entryPx = 24 + roughWidthPx(label, 11) + 22;
    if (x > 0 && x + entryPx > widthPx) [x, row] = [0, row + 1];
    const words = text(24, 9, cutToWidth(label, 11, widthPx - 24), { 'font-size': 11 });
    markup += tag('g', { transform: `translate(${Math.round(x)} ${row * legendRowPx})` }, sign + words);
    x += entryPx;
  }
  return { markup, heightPx: (row + 1) * legendRowPx };
}
