import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { marksOf } from './event-geometry.ts';

const event = (fromMs: number, toMs = fromMs): HistoryEvent => ({
  eventId: `${fromMs}-${toMs}`,
  profileId: null,
  kind: 'note',
  fromMs,
  toMs,
  text: '',
});
/** A pixel a second. */
const frame = { fromMs: 100_000, toMs: 220_000, windowMs: 100_000 };
const places = (...events: HistoryEvent[]) =>
  marksOf(events, frame, 100).map(({ xPx, widthPx }) => [xPx, widthPx]);

describe('marks of events', () => {
  it('stand where the event was, moments as lines and spans as bands', () => {
    expect(places(event(110_000), event(130_000, 150_000))).toEqual([
      [10, 0],
      [30, 20],
    ]);
  });

  it('begin before the edge when the event did', () => {
    expect(places(event(90_000, 120_000))).toEqual([[-10, 30]]);
  });

  it('leave out what the frame does not reach', () => {
    expect(places(event(50_000, 99_000), event(400_000))).toEqual([]);
  });

  it('draw moments that would run together as one, and too short a span as a moment', () => {
    expect(places(event(110_000), event(110_500), event(111_000), event(115_000, 116_000))).toEqual([
      [10, 0],
      [15, 0],
    ]);
  });

  it('never hide a note behind what happened of itself', () => {
    const opened: HistoryEvent = { ...event(110_000), kind: 'poolOpened' };
    expect(
      places(opened, event(110_500), event(111_000), { ...opened, fromMs: 111_500, toMs: 111_500 }),
    ).toEqual([
      [10, 0],
      [10.5, 0],
    ]);
  });
});
