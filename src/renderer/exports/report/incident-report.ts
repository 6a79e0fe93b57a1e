import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatDuration, noValue } from '../../charts/formats.ts';
import type { ShownChart, ShownRange } from '../../charts/shown-chart.ts';
import { formatSpanWithZone } from '../../time/clock.ts';
import type { Zone } from '../../time/zone.ts';
import { eventsUnreadable, eventWords, noEvents, noSamples } from './event-line.ts';
import { type KeyFigure, keyFigures } from './key-figures.ts';
import { markdownCode, markdownTable, markdownText } from './markdown-text.ts';
import { type ReportedChart, seriesRows } from './series-table.ts';

interface IncidentReport {
  connectionName: string;
  /** `user@host:port/database`. */
  target: string;
  shown: ShownRange;
  /** Null when they could not be read. */
  events: readonly HistoryEvent[] | null;
  /** The chart reported on; null for the whole range. */
  chart: (ReportedChart & Pick<ShownChart, 'hidden' | 'thresholds'>) | null;
}

/**
 * A range as Markdown to paste into an incident report: what, when (in the zone shown, which is
 * named), key figures beside those of the range compared with, events. Ends with a line break.
 */
export function incidentReport(report: IncidentReport): string {
  const { connectionName, target, shown, events, chart } = report;
  const { fromMs, toMs } = shown.view;
  const figures = keyFigures(shown.view);
  const name = markdownText(connectionName);
  const title = chart === null ? name : `${markdownText(chart.title)}: ${name}`;
  const sections = [
    `## ${title}`,
    [
      `- Connection: ${markdownCode(target)}`,
      `- Range: ${formatSpanWithZone(fromMs, toMs, shown.zone)} (${formatDuration(toMs - fromMs)})`,
      ...comparedLine(shown),
      ...(chart?.thresholds ?? []).map(({ label }) => `- Threshold: ${markdownText(label)}`),
    ].join('\n'),
    ...(figures.length === 0
      ? [noSamples]
      : [...(chart === null ? [] : [seriesSection(chart, shown)]), figureTable(figures, shown)]),
    '### Events',
    eventLines(events, shown.zone),
  ];
  return `${sections.join('\n\n')}\n`;
}

function comparedLine({ overlay, zone }: ShownRange): string[] {
  if (overlay === null) return [];
  const { fromMs, toMs } = overlay.view;
  return [`- Compared with: ${markdownText(overlay.label)}, ${formatSpanWithZone(fromMs, toMs, zone)}`];
}

function figureTable(figures: readonly KeyFigure[], { overlay }: ShownRange): string {
  if (overlay === null) {
    const rows = figures.map(({ label, value }) => [markdownText(label), markdownText(value)]);
    return markdownTable(['Figure', 'Value'], rows);
  }
  const before = keyFigures(overlay.view);
  const rows = figures.map(({ label, value }, i) =>
    [label, value, before[i]?.value ?? noValue].map(markdownText),
  );
  return markdownTable(['Figure', 'Value', markdownText(overlay.label)], rows);
}

function seriesSection(
  chart: ReportedChart & Pick<ShownChart, 'hidden'>,
  { view, overlay }: ShownRange,
): string {
  const behind = overlay === null ? [] : seriesRows(chart, overlay.view, chart.hidden);
  const rows = seriesRows(chart, view, chart.hidden).flatMap((cells, i) => {
    const [label = '', ...values] = behind[i] ?? [];
    return overlay === null ? [cells] : [cells, [`${label}, ${overlay.label.toLowerCase()}`, ...values]];
  });
  return markdownTable(
    [`${markdownText(chart.title)} (${markdownText(chart.unit)})`, 'Lowest', 'Highest', 'Latest'],
    rows.map((cells) => cells.map(markdownText)),
  );
}

function eventLines(events: readonly HistoryEvent[] | null, zone: Zone): string {
  if (events === null) return eventsUnreadable;
  if (events.length === 0) return noEvents;
  return events
    .map((event) => {
      const [when, what] = eventWords(event, zone);
      return `- ${when}${markdownText(what)}`;
    })
    .join('\n');
}
