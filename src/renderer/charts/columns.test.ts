import { describe, expect, it } from 'vitest';
import type { Bucket } from '#shared/model/bucket.ts';
import { ColumnTable } from './columns.ts';
import { bucketIndexAt, newestIndex, type SeriesDefinition, type SeriesView } from './series.ts';

const bucket = (second: number, used: number | null | undefined) =>
  ({ startMs: second * 1000, used }) as unknown as Bucket;

const viewOf = (buckets: Bucket[], toMs = 10_000): SeriesView => ({
  fromMs: 0,
  toMs,
  bucketMs: 1000,
  buckets,
});

function tableOf(kind: SeriesDefinition['kind'] = 'step') {
  let calls = 0;
  const table = new ColumnTable([
    {
      key: 'used',
      label: 'Used',
      color: '--series-used',
      kind,
      value: (b: Bucket) => {
        calls += 1;
        return b.used as unknown as number | null | undefined;
      },
    },
  ]);
  return {
    values: (view: SeriesView) => {
      table.fill(view, new Set());
      return [...(table.series[0]?.values ?? []).slice(0, view.buckets.length)];
    },
    calls: () => calls,
  };
}

describe('ColumnTable', () => {
  it('carries a value until the next one', () => {
    expect(tableOf().values(viewOf([bucket(0, 5), bucket(1, undefined), bucket(2, 7)]))).toEqual([5, 5, 7]);
  });

  it('does not carry a value past a failure or a gap', () => {
    const { values } = tableOf();
    expect(values(viewOf([bucket(0, 5), bucket(1, null), bucket(2, undefined)]))).toEqual([
      5,
      Number.NaN,
      Number.NaN,
    ]);
    expect(values(viewOf([bucket(0, 5), bucket(6, undefined)]))).toEqual([5, Number.NaN]);
  });

  it('has nothing to carry before the first value', () => {
    expect(tableOf().values(viewOf([bucket(0, undefined), bucket(1, 5)]))).toEqual([Number.NaN, 5]);
  });

  it('works each bucket out once, however often it is drawn', () => {
    const { values, calls } = tableOf();
    const buckets = [bucket(0, 1), bucket(1, 2)];
    values(viewOf(buckets));
    values(viewOf([...buckets, bucket(2, 3)]));
    expect(calls()).toBe(3);
  });

  it('holds more buckets than it was first given room for', () => {
    const many = Array.from({ length: 1500 }, (_, i) => bucket(i, i));
    expect(tableOf().values(viewOf(many)).at(-1)).toBe(1499);
  });
});

describe('stacking', () => {
  const keys = ['used', 'idle'] as const;
  const stackOf = () =>
    new ColumnTable(
      keys.map((key) => ({
        key,
        label: key,
        color: '--series-used',
        kind: 'area-stack' as const,
        value: (b: Bucket) => b[key] as unknown as number,
      })),
    );
  const view = viewOf([{ startMs: 0, used: 3, idle: 2 } as unknown as Bucket]);

  it('stands each series on those before it and knows the highest point', () => {
    const table = stackOf();
    expect(table.fill(view, new Set())).toBe(5);
    expect(table.series.map((series) => [series.lower?.[0] ?? 0, series.upper[0]])).toEqual([
      [0, 3],
      [3, 5],
    ]);
  });

  it('leaves the values themselves as they are, for the readout', () => {
    const table = stackOf();
    table.fill(view, new Set());
    expect(table.series.map((series) => series.values[0])).toEqual([3, 2]);
  });

  it('closes up when a series is hidden', () => {
    const table = stackOf();
    expect(table.fill(view, new Set(['used']))).toBe(2);
    expect(table.series[1]?.lower).toBeNull();
  });
});

describe('finding a bucket', () => {
  const view = viewOf([bucket(1, 0), bucket(2, 0), bucket(7, 0)]);

  it('finds the one that holds a moment', () => {
    expect(bucketIndexAt(view, 2999)).toBe(1);
    expect(bucketIndexAt(view, 7000)).toBe(2);
  });

  it('finds none in a gap or outside', () => {
    expect(bucketIndexAt(view, 4000)).toBe(-1);
    expect(bucketIndexAt(view, 0)).toBe(-1);
    expect(bucketIndexAt(view, 8000)).toBe(-1);
  });

  it('calls the newest bucket current only while it is fresh', () => {
    expect(newestIndex(viewOf([bucket(9, 0)]))).toBe(0);
    expect(newestIndex(viewOf([bucket(5, 0)]))).toBe(-1);
    expect(newestIndex(viewOf([]))).toBe(-1);
  });
});
