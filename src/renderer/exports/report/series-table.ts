import { ColumnTable } from '../../charts/columns.ts';
import { noValue } from '../../charts/formats.ts';
import type { SeriesDefinition, SeriesView } from '../../charts/series.ts';
import { bucketsWithin } from './key-figures.ts';

/** What a report must know of a chart. */
export interface ReportedChart {
  title: string;
  unit: string;
  series: readonly SeriesDefinition[];
  format(value: number): string;
}

/** Label, lowest, highest and latest value of each series that is not hidden, in words. */
export function seriesRows(chart: ReportedChart, view: SeriesView, hidden: ReadonlySet<string>): string[][] {
  const buckets = bucketsWithin(view);
  const table = new ColumnTable(chart.series);
  table.fill({ ...view, buckets }, hidden);
  return table.series
    .filter(({ definition }) => !hidden.has(definition.key))
    .map(({ definition, values }) => {
      const known = Array.from(values.subarray(0, buckets.length)).filter((value) => !Number.isNaN(value));
      const latest = known.at(-1);
      if (latest === undefined) return [definition.label, noValue, noValue, noValue];
      const format = definition.format ?? chart.format;
      let [low, high] = [latest, latest];
      for (const value of known) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return [definition.label, format(low), format(high), format(latest)];
    });
}
