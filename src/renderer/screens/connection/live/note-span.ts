import { type Crosshair, spanOfSelection } from '../../../charts/crosshair.ts';
import type { SeriesView } from '../../../charts/series.ts';

/** What a note is about: a moment (both the same) or a span. */
export interface NoteSpan {
  fromMs: number;
  toMs: number;
}

/** The selection, else the moment under the crosshair, else the end of what is shown. */
export function noteSpan(
  { selection, atMs }: Pick<Crosshair, 'selection' | 'atMs'>,
  view: SeriesView,
): NoteSpan {
  if (selection !== null) return spanOfSelection(selection, view.bucketMs);
  const momentMs = atMs ?? view.toMs - 1000;
  return { fromMs: momentMs, toMs: momentMs };
}
