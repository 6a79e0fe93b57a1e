import { isGap, type SeriesDefinition, type SeriesKind, type SeriesView, type Slot } from './series.ts';

/** Values of one series, one per bucket of the view; NaN where there is none. */
export type Column = Float64Array;

/** More than any window of the Live tab needs; grows when one does. */
const startCapacity = 512;

type Row = readonly (number | null | undefined)[];

/** One series, ready to draw. */
export interface SeriesColumns {
  definition: SeriesDefinition<Slot>;
  /** What the series is worth; read by the legend. */
  values: Column;
  /** Where its shape ends, and where it begins (null: at 0); differs from `values` in a stack. */
  upper: Column;
  lower: Column | null;
}

/**
 * The values of a chart, ready to draw. A bucket is worked out once (a percentile walks its whole
 * histogram) and the memory of the columns is used again on every update.
 */
export class ColumnTable {
  readonly series: readonly SeriesColumns[];
  readonly #rows = new WeakMap<Slot, Row>();

  constructor(definitions: readonly SeriesDefinition<Slot>[]) {
    this.series = definitions.map((definition) => {
      const values = new Float64Array(startCapacity);
      return { definition, values, upper: values, lower: null };
    });
  }

  /** Reads a view and stacks what is not hidden. Returns the largest value that shows. */
  fill(view: SeriesView<Slot>, hidden: ReadonlySet<string>): number {
    this.#reserve(view.buckets.length);
    this.#readValues(view);
    return this.#stack(view.buckets.length, hidden);
  }

  #readValues({ buckets, bucketMs }: SeriesView<Slot>): void {
    for (let i = 0; i < buckets.length; i++) {
      const bucket = buckets[i] as Slot;
      const row = this.#rowOf(bucket);
      const gap = isGap(buckets[i - 1], bucket, bucketMs);
      for (let s = 0; s < this.series.length; s++) {
        const { values } = this.series[s] as SeriesColumns;
        const value = row[s];
        if (value === undefined) values[i] = gap ? Number.NaN : (values[i - 1] as number);
        else values[i] = value ?? Number.NaN;
      }
    }
  }

  #rowOf(bucket: Slot): Row {
    let row = this.#rows.get(bucket);
    if (row === undefined) {
      row = this.series.map(({ definition }) => definition.value(bucket));
      this.#rows.set(bucket, row);
    }
    return row;
  }

  #stack(length: number, hidden: ReadonlySet<string>): number {
    let max = 0;
    const below: Partial<Record<SeriesKind, Column>> = {};
    for (const series of this.series) {
      const { key, kind } = series.definition;
      if (hidden.has(key) || kind === 'marks') continue;
      if (kind === 'area-stack' || kind === 'bars') {
        series.lower = below[kind] ?? null;
        for (let i = 0; i < length; i++) {
          const base = series.lower === null ? 0 : (series.lower[i] as number);
          series.upper[i] = base + (series.values[i] as number);
        }
        below[kind] = series.upper;
      }
      for (let i = 0; i < length; i++) max = Math.max(max, series.upper[i] || 0);
    }
    return max;
  }

  #reserve(length: number): void {
    for (const series of this.series) {
      const stacks = series.definition.kind === 'area-stack' || series.definition.kind === 'bars';
      if (series.values.length < length) series.values = new Float64Array(length * 2);
      if (!stacks) series.upper = series.values;
      else if (series.upper === series.values || series.upper.length < length) {
        series.upper = new Float64Array(series.values.length);
      }
    }
  }
}
