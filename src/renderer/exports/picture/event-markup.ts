import type { HistoryEvent } from '#shared/model/history-event.ts';
import { marksOf } from '../../charts/event-geometry.ts';
import { eventBandOpacity, eventColors, eventHeads, eventLineStroke } from '../../charts/event-style.ts';
import { formatCount } from '../../charts/formats.ts';
import type { Slot } from '../../charts/series.ts';
import type { ShownChart } from '../../charts/shown-chart.ts';
import { spanLabel } from '../../ranges/range-words.ts';
import { type Palette, paint } from './series-markup.ts';
import { cutToWidth, roughWidthPx, svgText, tag } from './svg-text.ts';

type Frame = Parameters<typeof marksOf>[1];

/** Spans of time in which something was the case, behind everything else. */
export function eventBands(
  events: readonly HistoryEvent[],
  frame: Frame,
  plotWidthPx: number,
  heightPx: number,
  palette: Palette,
): string {
  return marksOf(events, frame, plotWidthPx)
    .filter(({ widthPx }) => widthPx > 0)
    .map(({ event, xPx, widthPx }) => {
      const fill = { fill: palette(eventColors[event.kind]), fillOpacity: eventBandOpacity };
      return tag('rect', { x: xPx, width: widthPx, height: heightPx, ...paint(fill) });
    })
    .join('');
}

/** Moments, and where spans begin, as thin lines with a sign at their head. */
export function eventLines(
  events: readonly HistoryEvent[],
  frame: Frame,
  plotWidthPx: number,
  heightPx: number,
  palette: Palette,
): string {
  return marksOf(events, frame, plotWidthPx)
    .map(({ event, xPx }) => {
      const stroke = palette(eventColors[event.kind]);
      const line = tag('path', { d: `M0 0V${heightPx}`, ...paint({ stroke, ...eventLineStroke }) });
      return tag('g', { transform: `translate(${xPx} 0)` }, line + sign(event, palette));
    })
    .join('');
}

const sign = ({ kind }: HistoryEvent, palette: Palette) =>
  tag('path', { d: eventHeads[kind], fill: palette(eventColors[kind]) });

const rowPx = 17;
/** More would be a list with a chart on top. */
const mostRows = 8;

/** What happened in words, oldest first; its top left corner is at 0, 0. */
export function eventRows(
  events: readonly HistoryEvent[],
  { zone, view }: Pick<ShownChart<Slot>, 'zone' | 'view'>,
  palette: Palette,
  widthPx: number,
): { markup: string; heightPx: number } {
  if (events.length === 0) return { markup: '', heightPx: 0 };
  const listed = events.length > mostRows ? events.slice(0, mostRows - 1) : events;
  const rows = listed.map((event, i) => {
    const when = spanLabel(event, zone, view.toMs);
    const what = `${event.kind === 'note' ? 'Note: ' : ''}${event.text}`;
    const textPx = 16 + roughWidthPx(`${when}  `, 11);
    return (
      tag('g', { transform: `translate(5 ${i * rowPx + 7})` }, sign(event, palette)) +
      line(16, i, when, palette('--text-dim')) +
      line(textPx, i, cutToWidth(what, 11, widthPx - textPx), palette('--text'))
    );
  });
  if (listed.length < events.length) {
    const more = `and ${formatCount(events.length - listed.length)} more`;
    rows.push(line(16, listed.length, more, palette('--text-dim')));
  }
  return { markup: rows.join(''), heightPx: rows.length * rowPx + 4 };
}

const line = (x: number, row: number, content: string, fill: string) =>
  tag('text', { x, y: row * rowPx + 15, 'font-size': 11, fill }, svgText(content));
