import type { Bucket } from '#shared/model/bucket.ts';
import { ColumnTable, type SeriesColumns } from './columns.ts';
import {
  bucketIndexAt,
  newestIndex,
  type SeriesDefinition,
  type SeriesSource,
  type SeriesView,
  type Slot,
} from './series.ts';

/** A second picture of the same series, drawn behind the first. */
export interface Overlay<S extends Slot = Bucket> {
  /** Its view lies `offsetMs` before that of the chart's own source. */
  source: SeriesSource<S>;
  offsetMs: number;
  /** What it is, as in "Same time yesterday". */
  label: string;
}

/** A value, and what stood there in the overlay. NaN where there is none. */
export interface ValuePair {
  value: number;
  earlier: number;
}

/** What one chart shows: its values, and those it is compared with. */
export class ChartData {
  readonly table: ColumnTable;
  readonly overlayTable: ColumnTable;
  source: SeriesSource<Slot> | null = null;
  overlay: Overlay<Slot> | null = null;
  #hidden: ReadonlySet<string> = new Set();
  #filled: { view: SeriesView<Slot>; overlay: SeriesView<Slot> | null; max: number } | null = null;

  constructor(definitions: readonly SeriesDefinition<Slot>[]) {
    this.table = new ColumnTable(definitions);
    this.overlayTable = new ColumnTable(definitions);
  }

  get hidden(): ReadonlySet<string> {
    return this.#hidden;
  }

  set hidden(hidden: ReadonlySet<string>) {
    this.#hidden = hidden;
    this.#filled = null;
  }

  view(): SeriesView<Slot> | null {
    return this.source?.view() ?? null;
  }

  overlayView(): SeriesView<Slot> | null {
    return this.overlay?.source.view() ?? null;
  }

  /** Brings the columns up to the view. Returns the largest value that shows. */
  fill(): number {
    const view = this.view();
    if (view === null) return 0;
    const overlay = this.overlayView();
    if (this.#filled?.view === view && this.#filled.overlay === overlay) return this.#filled.max;
    const own = this.table.fill(view, this.#hidden);
    const max = overlay === null ? own : Math.max(own, this.overlayTable.fill(overlay, this.#hidden));
    this.#filled = { view, overlay, max };
    return max;
  }

  /** The start of the bucket whose values show without a crosshair: the newest, while it is fresh. */
  newestMs(): number | null {
    const view = this.view();
    return view === null ? null : (view.buckets[newestIndex(view)]?.startMs ?? null);
  }

  /** The values of each series in the bucket that starts at a moment. */
  valuesAt(atMs: number | null): ValuePair[] {
    this.fill();
    const view = this.view();
    const overlay = this.overlayView();
    const index = view === null || atMs === null ? -1 : bucketIndexAt(view, atMs);
    // The middle: buckets of the two may lie a little apart where a clock change comes between.
    const earlierIndex =
      view === null || atMs === null || overlay === null
        ? -1
        : bucketIndexAt(overlay, atMs + view.bucketMs / 2 - (this.overlay?.offsetMs ?? 0));
    return this.table.series.map((series, i) => ({
      value: valueAt(series, index),
      earlier: valueAt(this.overlayTable.series[i], earlierIndex),
    }));
  }
}

const valueAt = (series: SeriesColumns | undefined, index: number): number =>
  index < 0 ? Number.NaN : (series?.values[index] ?? Number.NaN);
