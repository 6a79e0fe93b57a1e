import { eventColors } from '../charts/event-style.ts';
import type { SeriesDefinition, Slot } from '../charts/series.ts';
import { thresholdColor } from '../charts/series-style.ts';
import type { ShownChart, ShownRange } from '../charts/shown-chart.ts';
import { putOnClipboard } from '../kit/copy-text.ts';
import { chartPicture } from './picture/chart-picture.ts';
import { svgToPng } from './picture/svg-to-png.ts';
import { type PictureTheme, themePalette } from './picture/theme-palette.ts';
import { incidentReport } from './report/incident-report.ts';
import { fileNameOf, saveBlob } from './save-file.ts';
import { eventsOf, type Subject } from './subject.ts';

/** What a picture or report must know of a chart besides what it shows. */
export interface ExportedChart {
  title: string;
  unit: string;
  series: readonly SeriesDefinition<Slot>[];
  format(value: number): string;
  formatTick(value: number): string;
  leastTop: number;
  wholeNumbers: boolean;
}

const paletteNames = [
  ...['--surface-panel', '--text', '--text-dim', '--chart-grid', '--chart-axis'],
  ...new Set(Object.values(eventColors)),
];
/** A narrower picture has no room for its words. */
const leastWidthPx = 480;

/** Saves a chart as a picture at twice its size. */
export async function savePicture(
  chart: ExportedChart,
  shown: ShownChart<Slot>,
  subject: Subject,
  format: 'png' | 'svg',
  theme: PictureTheme,
): Promise<void> {
  const { title, unit, series, formatTick, leastTop, wholeNumbers } = chart;
  const { svg, widthPx, heightPx } = chartPicture({
    ...{ title, unit, series, formatTick },
    shown: { ...shown, widthPx: Math.max(leastWidthPx, Math.round(shown.widthPx)) },
    subject: `${subject.name} · ${subject.target}`,
    axis: { least: leastTop, wholeNumbers },
    palette: themePalette(theme, [
      ...paletteNames,
      ...series.map(({ color }) => color),
      ...shown.thresholds.map(thresholdColor),
    ]),
  });
  const blob =
    format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await svgToPng(svg, widthPx, heightPx);
  saveBlob(blob, fileNameOf([subject.name, title], shown.view.fromMs, format));
}

/** Copies a range as Markdown: of one chart, or (null) as a whole. Resolves to whether it was copied. */
export async function copyReport(
  subject: Subject,
  shown: ShownRange,
  chart: (ExportedChart & Pick<ShownChart, 'hidden' | 'thresholds'>) | null,
): Promise<boolean> {
  const { name: connectionName, target } = subject;
  const events = await eventsOf(subject, shown.view);
  return putOnClipboard(incidentReport({ connectionName, target, shown, events, chart }));
}
