import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { ColumnTable } from '../../src/renderer/charts/columns.ts';
import { repaintSoon } from '../../src/renderer/charts/repaint.ts';
import { liveWindows, PoolSeries } from '../../src/renderer/live/pool-series.ts';
import { liveClient, sampleFeed } from '../../src/renderer/live/sample-feed.ts';
import {
  type ChartDefinition,
  liveCharts,
} from '../../src/renderer/screens/connection/live/chart-definitions.ts';
import { benchProfileId } from './fake-samples.ts';

const plotHeightPx = 172;

/** The Live tab's charts drawn by uPlot: same store, same values, same number and size of charts. */
export function mountUplotCharts(root: HTMLElement, widthPx: number): void {
  const { windowMs, bucketMs } = liveWindows['5m'];
  const series = new PoolSeries({
    profileId: benchProfileId,
    windowMs,
    bucketMs,
    client: liveClient,
    feed: sampleFeed,
  });
  root.style.cssText = 'display: grid; grid-template-columns: 1fr 1fr; gap: 10px';
  const columnPx = Math.floor((widthPx - 10) / 2);
  const draws = liveCharts.map((definition) => {
    const cell = document.createElement('div');
    if (definition.wide) cell.style.gridColumn = '1 / -1';
    root.append(cell);
    return uplotChart(cell, definition, series, definition.wide ? widthPx : columnPx);
  });
  series.subscribe(() => {
    for (const draw of draws) repaintSoon(draw);
  });
  series.open();
}

function uplotChart(
  cell: HTMLElement,
  definition: ChartDefinition,
  source: PoolSeries,
  widthPx: number,
): () => void {
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
  return () => {
    const view = source.view();
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
