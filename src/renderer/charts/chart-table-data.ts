import { formatStep } from '../ranges/range-words.ts';
import { formatStamp } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartFormat, valueText } from './chart-words.ts';

/** A chart as figures: a row for each bucket, the newest first. */
export interface ChartTable {
  /** "Time (UTC)" and the series; what they are compared with stands behind them. */
  columns: readonly string[];
  rows: readonly { startMs: number; time: string; values: readonly string[] }[];
  /** The same with bare numbers, oldest first, columns apart by tabs: to paste into a spreadsheet. */
  text: string;
  /** "300 rows, one per second, newest first. Lines: Wait timeout 5 s." */
  caption: string;
}

interface Column {
  label: string;
  unit: string;
  /** Of the pairs of a row, which value. */
  of: { series: number; which: 'value' | 'earlier' };
  write(value: number): string;
}

/** Everything a chart shows as a table; times in `zone`. A range holds some 300 buckets, so all are listed. */
export function tableOf(data: ChartData, chart: ChartFormat, zone: Zone, thresholds: string): ChartTable {
  const view = data.view();
  const columns = columnsOf(data, chart);
  const rows: ChartTable['rows'][number][] = [];
  const time = `Time (${zone === 'utc' ? 'UTC' : 'local'})`;
  const lines = [[time, ...columns.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`))]];
  for (const { startMs } of view?.buckets ?? []) {
    if (view === null || startMs + view.bucketMs <= view.fromMs || startMs >= view.toMs) continue;
    const pairs = data.valuesAt(startMs);
    const values = columns.map(({ of }) => pairs[of.series]?.[of.which] ?? Number.NaN);
    const stamp = formatStamp(startMs, zone);
    rows.push({ startMs, time: stamp, values: values.map((value, i) => columns[i]?.write(value) ?? '') });
    lines.push([stamp, ...values.map(bare)]);
  }
  rows.reverse();
  const step = formatStep(view?.bucketMs ?? 1000);
  return {
    columns: [time, ...columns.map(({ label }) => label)],
    rows,
    text: `${lines.map((line) => line.join('\t')).join('\n')}\n`,
    caption: `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, one per ${step}, newest first.${thresholds === '' ? '' : ` Lines: ${thresholds}.`}`,
  };
}

function columnsOf({ overlay }: ChartData, { series, format, valueUnit }: ChartFormat): Column[] {
  return series.flatMap((definition, i) => {
    const column: Column = {
      label: definition.label,
      unit: definition.format === undefined ? valueUnit : '',
      of: { series: i, which: 'value' },
      write: (value) => valueText(value, definition, format),
    };
    if (overlay === null) return [column];
    const label = `${definition.label}, ${overlay.label.toLowerCase()}`;
    return [column, { ...column, label, of: { series: i, which: 'earlier' } }];
  });
}

const bare = (value: number) => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(12))));
