import { formatSpan } from '../ranges/range-words.ts';
import { formatStamp } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartFormat, valueText } from './chart-words.ts';

/** A chart as figures: a row for each bucket, the newest first. */
export interface ChartTable {
  /** "Time (UTC)" and the series. */
  columns: readonly string[];
  rows: readonly { startMs: number; time: string; values: readonly string[] }[];
  /** The same with bare numbers, oldest first, columns apart by tabs: to paste into a spreadsheet. */
  text: string;
  /** "300 rows, one for each second." */
  caption: string;
}

/** Everything a chart shows as a table; times in `zone`. */
export function tableOf(data: ChartData, { series, format, valueUnit }: ChartFormat, zone: Zone): ChartTable {
  data.fill();
  const view = data.view();
  const columns = [`Time (${zone === 'utc' ? 'UTC' : 'local'})`, ...series.map(({ label }) => label)];
  const rows: ChartTable['rows'][number][] = [];
  const units = series.map((definition) => (definition.format === undefined ? valueUnit : ''));
  const heads = columns.map((column, i) => (units[i - 1] ? `${column} (${units[i - 1]})` : column));
  const lines = [heads.join('\t')];
  view?.buckets.forEach(({ startMs }, i) => {
    if (startMs + view.bucketMs <= view.fromMs || startMs >= view.toMs) return;
    const time = formatStamp(startMs, zone);
    const values = data.table.series.map((column) => column.values[i] ?? Number.NaN);
    rows.push({
      startMs,
      time,
      values: values.map((value, s) => valueText(value, series[s] ?? {}, format)),
    });
    lines.push([time, ...values.map(bare)].join('\t'));
  });
  rows.reverse();
  const bucket = formatSpan(view?.bucketMs ?? 1000).replace(/^1 /, '');
  const caption = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, one for each ${bucket}, newest first.`;
  return { columns, rows, text: `${lines.join('\n')}\n`, caption };
}

const bare = (value: number) => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(12))));
