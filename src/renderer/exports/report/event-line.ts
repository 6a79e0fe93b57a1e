import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatSpanWithZone, formatStampWithZone } from '../../time/clock.ts';
import type { Zone } from '../../time/zone.ts';

/** When an event was, and what, apart: the words are the user's or the server's. */
export function eventWords(
  { fromMs, toMs, text, kind }: HistoryEvent,
  zone: Zone,
): [when: string, what: string] {
  const when = toMs > fromMs ? formatSpanWithZone(fromMs, toMs, zone) : formatStampWithZone(fromMs, zone);
  return [`${when}: ${kind === 'note' ? 'Note: ' : ''}`, text];
}

export const eventsUnreadable = 'The events of this range could not be read.';
export const noEvents = 'None recorded in this range.';
export const noSamples = 'No samples were recorded in this range.';
