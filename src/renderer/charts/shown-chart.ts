import type { Bucket } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Zone } from '../time/zone.ts';
import type { SeriesView, Slot } from './series.ts';
import type { Threshold } from './thresholds.ts';

/** The range drawn behind, in its own time. */
export interface ShownOverlay<S extends Slot = Bucket> {
  view: SeriesView<S>;
  /** How much earlier it lies. */
  offsetMs: number;
  label: string;
}

/** What stands on screen of a range: pictures and reports show neither more nor less. */
export interface ShownRange<S extends Slot = Bucket> {
  view: SeriesView<S>;
  overlay: ShownOverlay<S> | null;
  zone: Zone;
}

/** What stands on screen of one chart. */
export interface ShownChart<S extends Slot = Bucket> extends ShownRange<S> {
  /** Series switched off in the legend. */
  hidden: ReadonlySet<string>;
  /** Oldest first. */
  events: readonly HistoryEvent[];
  thresholds: readonly Threshold[];
  widthPx: number;
}

/** A view that stands still: a live one's buckets go on changing. */
export const stillOf = <S extends Slot>(view: SeriesView<S>): SeriesView<S> => ({
  ...view,
  buckets: [...view.buckets],
});
