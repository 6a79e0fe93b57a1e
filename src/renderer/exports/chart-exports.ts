import type { SeriesDefinition, SeriesView } from '../charts/series.ts';
import { putOnClipboard } from '../kit/copy-text.ts';
import { chartPicture } from './picture/chart-picture.ts';
import { svgToPng } from './picture/svg-to-png.ts';
import { type PictureTheme, themePalette } from './picture/theme-palette.ts';
import { incidentReport } from './report/incident-report.ts';
import { fileNameOf, saveBlob } from './save-file.ts';
import { eventsOf, type Subject } from './subject.ts';

/** A chart as it stands on screen. */
export interface ShownChart {
  definition: {
    title: string;
    unit: string;
    series: readonly SeriesDefinition[];
    format(value: number): string;
    formatTick(value: number): string;
    leastTop: number;
    wholeNumbers: boolean;
  };
  view: SeriesView;
  hidden: ReadonlySet<string>;
  widthPx: number;
}

const paletteNames = ['--surface-panel', '--text', '--text-dim', '--chart-grid', '--chart-axis'];
/** A narrower picture has no room for its words. */
const leastWidthPx = 480;

/** Saves a chart as a picture at twice its size. */
export async function savePicture(
  chart: ShownChart,
  subject: Subject,
  format: 'png' | 'svg',
  theme: PictureTheme,
): Promise<void> {
  const { definition, view, hidden } = chart;
  const { title, unit, series, formatTick, leastTop, wholeNumbers } = definition;
  const { svg, widthPx, heightPx } = chartPicture({
    ...{ title, unit, series, hidden, view, formatTick },
    subject: `${subject.name} · ${subject.target}`,
    axis: { least: leastTop, wholeNumbers },
    palette: themePalette(theme, [...paletteNames, ...series.map(({ color }) => color)]),
    widthPx: Math.max(leastWidthPx, Math.round(chart.widthPx)),
  });
  const blob =
    format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await svgToPng(svg, widthPx, heightPx);
  saveBlob(blob, fileNameOf([subject.name, title], view.fromMs, format));
}

/** Copies a range as Markdown: of one chart, or (null) as a whole. Resolves to whether it was copied. */
export async function copyReport(
  subject: Subject,
  view: SeriesView,
  chart: Pick<ShownChart, 'definition' | 'hidden'> | null,
): Promise<boolean> {
  const { name: connectionName, target } = subject;
  const events = await eventsOf(subject, view);
  return putOnClipboard(incidentReport({ connectionName, target, view, events, chart }));
}
