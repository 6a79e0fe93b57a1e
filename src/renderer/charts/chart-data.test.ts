import { describe, expect, it } from 'vitest';
import type { Bucket } from '#shared/model/bucket.ts';
import { ChartData } from './chart-data.ts';
import { tableOf } from './chart-table-data.ts';
import { copyInWords, differenceText, summaryInWords } from './chart-words.ts';
import { formatCount, formatDuration } from './formats.ts';
import type { SeriesDefinition, SeriesSource, SeriesView } from './series.ts';

const hourMs = 3_600_000;
const bucket = (startMs: number, used: number) => ({ startMs, used }) as unknown as Bucket;
const definition: SeriesDefinition = {
  key: 'used',
  label: 'Used',
  color: '--series-used',
  kind: 'step',
  value: ({ used }) => used as unknown as number,
};
const chart = { title: 'Connections', series: [definition], format: formatCount, valueUnit: '' };
const showing = (view: SeriesView): SeriesSource => ({ subscribe: () => () => {}, view: () => view });

/** Three seconds, over three others `offsetMs` before. */
function comparedWith(earlier: Bucket[], offsetMs = hourMs, bucketMs = 1000): ChartData {
  const fromMs = Date.UTC(2026, 10, 21, 14);
  const data = new ChartData(chart.series);
  const buckets = [5, 6, 7].map((used, i) => bucket(fromMs + i * 1000, used));
  data.source = showing({ fromMs, toMs: fromMs + 3000, bucketMs: 1000, buckets });
  data.overlay = {
    source: showing({
      fromMs: fromMs - offsetMs,
      toMs: fromMs + 3000 - offsetMs,
      bucketMs,
      buckets: earlier.map((other) => ({ ...other, startMs: fromMs - offsetMs + other.startMs })),
    }),
    offsetMs,
    label: 'Same time an hour earlier',
  };
  return data;
}

const momentMs = Date.UTC(2026, 10, 21, 14, 0, 1);

describe('a range laid over another', () => {
  it('reads each moment beside the one as far into the other range', () => {
    const data = comparedWith([bucket(0, 1), bucket(1000, 2)]);
    expect(data.valuesAt(momentMs)).toEqual([{ value: 6, earlier: 2 }]);
    expect(data.valuesAt(momentMs + 1000)).toEqual([{ value: 7, earlier: Number.NaN }]);
  });

  it('finds the moment also where the other range is known in longer buckets', () => {
    const data = comparedWith([bucket(-1000, 4)], hourMs, 60_000);
    expect(data.valuesAt(momentMs)).toEqual([{ value: 6, earlier: 4 }]);
  });

  it('makes room for the higher of the two', () => {
    expect(comparedWith([bucket(0, 40)]).fill()).toBe(40);
    expect(comparedWith([bucket(0, 1)]).fill()).toBe(7);
  });
});

describe('what a chart says', () => {
  const data = comparedWith([bucket(0, 1), bucket(1000, 2)]);

  it('copies the values of a moment with the title, the time and the difference', () => {
    expect(copyInWords(data, chart, momentMs, 'utc')).toBe(
      'Connections, 2026-11-21 14:00:01 UTC: Used 6 (was 2, +4)',
    );
  });

  it('sums itself up for those who cannot see it', () => {
    const said = summaryInWords(data, chart, {
      zone: 'utc',
      nowMs: momentMs,
      events: 2,
      thresholds: 'Wait timeout 5 s',
    });
    expect(said).toMatch(/^Connections, 3 s to 14:00:03 UTC\. Latest: Used 7\. /);
    expect(said).toContain('Compared with: Same time an hour earlier. Lines: Wait timeout 5 s. 2 events, ');
  });

  it('writes differences with their sign, and none where a value is missing', () => {
    const difference = (value: number, earlier: number) =>
      differenceText({ value, earlier }, definition, formatDuration);
    expect(difference(12, 10.5)).toBe('+1.5 ms');
    expect(difference(0.2, 4)).toBe('−3.8 ms');
    expect(difference(3, 3)).toBe('±0');
    expect(difference(Number.NaN, 3)).toBe('');
  });
});

describe('a chart as a table', () => {
  const data = comparedWith([bucket(0, 1), bucket(1000, 2)]);
  const table = tableOf(data, { ...chart, valueUnit: 'ms' }, 'utc', 'Wait timeout 5 s');

  it('lists every bucket, the newest first, beside what it is compared with', () => {
    expect(table.columns).toEqual(['Time (UTC)', 'Used', 'Used, same time an hour earlier']);
    expect(table.rows.map(({ time, values }) => [time, ...values])).toEqual([
      ['2026-11-21 14:00:02', '7', '–'],
      ['2026-11-21 14:00:01', '6', '2'],
      ['2026-11-21 14:00:00', '5', '1'],
    ]);
    expect(table.caption).toBe('3 rows, one per second, newest first. Lines: Wait timeout 5 s.');
  });

  it('is copied as bare numbers with their unit, oldest first', () => {
    expect(table.text.split('\n').slice(0, 2)).toEqual([
      'Time (UTC)\tUsed (ms)\tUsed, same time an hour earlier (ms)',
      '2026-11-21 14:00:00\t5\t1',
    ]);
  });
});
