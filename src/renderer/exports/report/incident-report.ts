import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatDuration } from '../../charts/formats.ts';
import type { SeriesView } from '../../charts/series.ts';
import { utcRange, utcTime } from '../../kit/utc-words.ts';
import { keyFigures } from './key-figures.ts';
import { markdownCode, markdownTable, markdownText } from './markdown-text.ts';
import { type ReportedChart, seriesRows } from './series-table.ts';

interface IncidentReport {
  connectionName: string;
  /** `user@host:port/database`. */
  target: string;
  view: SeriesView;
  /** Null when they could not be read. */
  events: readonly HistoryEvent[] | null;
  /** The chart reported on; null for the whole range. */
  chart: { definition: ReportedChart; hidden: ReadonlySet<string> } | null;
}

/** A range as Markdown to paste into an incident report: what, when (UTC), key figures, events. Ends with a line break. */
export function incidentReport(report: IncidentReport): string {
  const { connectionName, target, view, events, chart } = report;
  const { fromMs, toMs } = view;
  const name = markdownText(connectionName);
  const title = chart === null ? name : `${markdownText(chart.definition.title)}: ${name}`;
  const figures = keyFigures(view).map(({ label, value }) => [markdownText(label), markdownText(value)]);
  const sections = [
    `## ${title}`,
    [
      `- Connection: ${markdownCode(target)}`,
      `- Range: ${utcRange(fromMs, toMs)} (${formatDuration(toMs - fromMs)})`,
    ].join('\n'),
    ...(figures.length === 0
      ? ['No samples were recorded in this range.']
      : [...(chart === null ? [] : chartSection(chart, view)), markdownTable(['Figure', 'Value'], figures)]),
    '### Events',
    eventLines(events),
  ];
  return `${sections.join('\n\n')}\n`;
}

function chartSection(chart: NonNullable<IncidentReport['chart']>, view: SeriesView): string[] {
  const { definition, hidden } = chart;
  const rows = seriesRows(definition, view, hidden).map((cells) => cells.map(markdownText));
  return [
    markdownTable(
      [`${markdownText(definition.title)} (${markdownText(definition.unit)})`, 'Lowest', 'Highest', 'Latest'],
      rows,
    ),
  ];
}

function eventLines(events: readonly HistoryEvent[] | null): string {
  if (events === null) return 'The events of this range could not be read.';
  if (events.length === 0) return 'None recorded in this range.';
  return events
    .map(({ fromMs, toMs, text, kind }) => {
      const when = toMs > fromMs ? utcRange(fromMs, toMs) : utcTime(fromMs);
      return `- ${when}: ${kind === 'note' ? 'Note: ' : ''}${markdownText(text)}`;
    })
    .join('\n');
}
