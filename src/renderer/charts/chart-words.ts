import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatSpan } from '../ranges/range-words.ts';
import { formatMoment, formatStamp, formatZone } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';
import type { ChartData, ValuePair } from './chart-data.ts';
import { noValue } from './formats.ts';
import type { SeriesDefinition, Slot } from './series.ts';

export interface ChartFormat {
  title: string;
  series: readonly SeriesDefinition<Slot>[];
  format(value: number): string;
  /** The unit of the bare values: "ms"; empty for counts. */
  valueUnit: string;
}

/** A value as its series writes it; a dash where there is none. */
export function valueText(
  value: number,
  definition: Pick<SeriesDefinition<Slot>, 'format'>,
  format: (value: number) => string,
): string {
  return Number.isNaN(value) ? noValue : (definition.format ?? format)(value);
}

/** What became of an earlier value: "+3", "−1.2 ms", "±0"; empty where either is missing. */
export function differenceText(
  { value, earlier }: ValuePair,
  definition: Pick<SeriesDefinition<Slot>, 'format'>,
  format: (value: number) => string,
): string {
  if (Number.isNaN(value) || Number.isNaN(earlier)) return '';
  const write = definition.format ?? format;
  const size = write(Math.abs(value - earlier));
  if (size === write(0)) return '±0';
  return `${value > earlier ? '+' : '−'}${size}`;
}

/** Each series and its value, and the difference where there is something to differ from. */
export function valuesInWords(pairs: readonly ValuePair[], { series, format }: ChartFormat): string {
  if (pairs.every(({ value, earlier }) => Number.isNaN(value) && Number.isNaN(earlier))) return 'no sample';
  return series
    .map((definition, i) => {
      const pair = pairs[i] ?? { value: Number.NaN, earlier: Number.NaN };
      const value = valueText(pair.value, definition, format);
      if (Number.isNaN(pair.earlier)) return `${definition.label} ${value}`;
      const difference = differenceText(pair, definition, format);
      const was = `was ${valueText(pair.earlier, definition, format)}`;
      return `${definition.label} ${value} (${difference === '' ? was : `${was}, ${difference}`})`;
    })
    .join(', ');
}

/** What a chart shows, for those who cannot see it. */
export function summaryInWords(
  data: ChartData,
  chart: ChartFormat,
  { zone, nowMs, events, thresholds }: { zone: Zone; nowMs: number; events: number; thresholds: string },
): string {
  const view = data.view();
  if (view === null) return `${chart.title}: no samples yet.`;
  const end = `${formatMoment(view.toMs, { zone, nowMs })} ${formatZone(view.toMs, zone)}`;
  const parts = [`${chart.title}, ${formatSpan(view.toMs - view.fromMs)} to ${end}`];
  if (view.buckets.length === 0) return `${parts.join()}: no samples.`;
  parts.push(`Latest: ${valuesInWords(data.valuesAt(data.newestMs()), chart)}`);
  if (data.overlay !== null) parts.push(`Compared with: ${data.overlay.label}`);
  if (thresholds !== '') parts.push(`Lines: ${thresholds}`);
  if (events > 0) parts.push(`${events} ${events === 1 ? 'event' : 'events'}, listed below the charts`);
  parts.push('Arrow keys read other moments');
  return `${parts.join('. ')}.`;
}

/** The values at a moment as a line of text to paste elsewhere. */
export function copyInWords(data: ChartData, chart: ChartFormat, atMs: number | null, zone: Zone): string {
  const momentMs = atMs ?? data.newestMs();
  const when = momentMs === null ? 'now' : `${formatStamp(momentMs, zone)} ${formatZone(momentMs, zone)}`;
  return `${chart.title}, ${when}: ${valuesInWords(data.valuesAt(momentMs), chart)}`;
}

/** Events near a moment in one line. */
export function eventsInWords(events: readonly HistoryEvent[]): string {
  const [first, ...more] = events;
  if (first === undefined) return '';
  return more.length === 0 ? first.text : `${first.text} (and ${more.length} more)`;
}
