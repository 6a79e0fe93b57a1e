import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { TimeFrame } from './time-axis.ts';

/** Where an event is drawn, in pixels from the left edge of the time frame. */
export interface EventMark {
  event: HistoryEvent;
  xPx: number;
  /** 0 for a moment, and for a span too short to be seen as one. */
  widthPx: number;
}

const leastBandPx = 2;
/** Lines closer than this would run together; the first stands for both. */
const leastApartPx = 2;

/** The marks of a frame that is `windowMs` for `plotWidthPx`. Events come oldest first. */
export function marksOf(
  events: readonly HistoryEvent[],
  { fromMs, toMs, windowMs }: Pick<TimeFrame, 'fromMs' | 'toMs' | 'windowMs'>,
  plotWidthPx: number,
): EventMark[] {
  const pxPerMs = plotWidthPx / windowMs;
  const marks: EventMark[] = [];
  for (const event of events) {
    // A live range may come to an event beyond the frame before the frame is laid out anew.
    if (event.toMs < fromMs || event.fromMs > toMs + windowMs) continue;
    const xPx = Math.round((event.fromMs - fromMs) * pxPerMs * 10) / 10;
    const spanPx = Math.round((event.toMs - event.fromMs) * pxPerMs * 10) / 10;
    const widthPx = spanPx < leastBandPx ? 0 : spanPx;
    const before = marks.at(-1);
    const together = before !== undefined && widthPx === 0 && before.widthPx === 0;
    // What someone wrote is never hidden by what happened of itself.
    const isFirstNote = event.kind === 'note' && before?.event.kind !== 'note';
    if (together && xPx - before.xPx < leastApartPx && !isFirstNote) continue;
    marks.push({ event, xPx, widthPx });
  }
  return marks;
}
