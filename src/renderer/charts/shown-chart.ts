import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Zone } from '../time/zone.ts';
import type { SeriesView } from './series.ts';
import type { Threshold } from './thresholds.ts';

/** The range drawn behind, in its own time. */
export interface ShownOverlay {
  view: SeriesView;
  /** How much earlier it lies. */
  offsetMs: number;
  label: string;
}

/** What stands on screen of a range: pictures and reports show neither more nor less. */
export interface ShownRange {
  view: SeriesView;
  overlay: ShownOverlay | null;
  zone: Zone;
}

/** What stands on screen of one chart. */
export interface ShownChart extends ShownRange {
  /** Series switched off in the legend. */
  hidden: ReadonlySet<string>;
  /** Oldest first. */
  events: readonly HistoryEvent[];
  thresholds: readonly Threshold[];
  widthPx: number;
}

/** A view that stands still: a live one's buckets go on changing. */
export const stillOf = (view: SeriesView): SeriesView => ({ ...view, buckets: [...view.buckets] });
