import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { ColumnTable } from '../../src/renderer/charts/columns.ts';
import { repaintSoon } from '../../src/renderer/charts/repaint.ts';
import type { SeriesView } from '../../src/renderer/charts/series.ts';
import {
  type ChartDefinition,
  liveCharts,
} from '../../src/renderer/screens/connection/live/chart-definitions.ts';
import { followRaw } from './raw-series.ts';

const plotHeightPx = 172;

/** The Live tab's charts drawn by uPlot from the raw points: same values, same number and size of charts. */
export function mountUplotCharts(root: HTMLElement, widthPx: number, spanMs: number): void {
  root.style.cssText = 'display: grid; grid-template-columns: 1fr 1fr; gap: 10px';
  const columnPx = Math.floor((widthPx - 10) / 2);
  const draws = liveCharts.map((definition) => {
    const cell = document.createElement('div');
    if (definition.wide) cell.style.gridColumn = '1 / -1';
    root.append(cell);
    return uplotChart(cell, definition, definition.wide ? widthPx : columnPx);
  });
  let latest: SeriesView | null = null;
  const drawAll = () => {
    for (const draw of draws) if (latest !== null) draw(latest);
  };
  void followRaw(spanMs, (view) => {
    latest = view;
    repaintSoon(drawAll);
  });
}

function uplotChart(
  cell: HTMLElement,
  definition: ChartDefinition,
  widthPx: number,
): (view: SeriesView) => void {
  const table = new ColumnTable(definition.series);
  const hidden = new Set<string>();
  const style = getComputedStyle(document.documentElement);
  const plot = new uPlot(
    {
      width: widthPx,
      height: plotHeightPx,
      title: definition.title,
      series: [
        {},
        ...definition.series.map(({ label, color }) => ({
          label,
          stroke: style.getPropertyValue(color).trim(),
          points: { show: false },
        })),
      ],
      axes: [{}, { values: (_, ticks) => ticks.map(definition.formatTick) }],
    },
    [[], ...definition.series.map(() => [])],
    cell,
  );
  return (view) => {
    table.fill(view, hidden);
    const times = view.buckets.map((bucket) => bucket.startMs / 1000);
    const columns = table.series.map(({ upper }) =>
      Array.from(upper.subarray(0, times.length), (value) => (Number.isNaN(value) ? null : value)),
    );
    plot.batch(() => {
      plot.setData([times, ...columns], true);
      plot.setScale('x', { min: view.fromMs / 1000, max: view.toMs / 1000 });
    });
  };
}
