import type { EngineEvents } from '#shared/contract/events.ts';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';
import { benchProfileId } from './fake-samples.ts';

type Tell = <E extends 'history.eventAdded' | 'history.eventDeleted'>(
  event: E,
  payload: EngineEvents[E],
) => void;

interface Wanted {
  profileId: string | null;
  fromMs: number;
  toMs: number;
}

/** Seconds ago from and to, kind, text. */
const recent: [number, number, HistoryEventKind, string][] = [
  [240, 201, 'recordingGap', 'Nothing was recorded for 39 s: this machine slept.'],
  [195, 195, 'poolOpened', 'The pool opened.'],
  [150, 150, 'poolResized', 'The maximum went from 10 to 12.'],
  [125, 80, 'note', 'Failover of db-1 to db-2, announced'],
  [60, 60, 'note', 'Deployed 4.12.1'],
  [30, 30, 'clockSetBack', 'The clock was set back by 7 s.'],
  [1500, 1500, 'poolClosed', 'The pool was closed.'],
];

/** What happened in the last minutes, and something every day before. */
export class FakeEvents {
  #events: HistoryEvent[] = [];
  #nextId = 1;
  readonly #tell: Tell;

  constructor(startMs: number, tell: Tell) {
    this.#tell = tell;
    if (startMs === 0) return;
    for (const [from, to, kind, text] of recent) {
      this.#put({ kind, text, fromMs: startMs - from * 1000, toMs: startMs - to * 1000 });
    }
    for (let day = 1; day <= 30; day++) {
      const atMs = startMs - day * 86_400_000;
      this.#put({
        kind: day % 3 === 0 ? 'poolClosed' : 'poolOpened',
        text: 'The pool restarted.',
        fromMs: atMs,
        toMs: atMs,
      });
    }
  }

  within({ fromMs, toMs }: Wanted): HistoryEvent[] {
    return this.#events
      .filter((event) => event.toMs >= fromMs && event.fromMs <= toMs)
      .sort((a, b) => a.fromMs - b.fromMs);
  }

  add(note: Wanted & { text: string }): HistoryEvent {
    const event = this.#put({ kind: 'note', ...note });
    this.#tell('history.eventAdded', event);
    return event;
  }

  delete({ eventId }: { eventId: string }): HistoryEvent {
    const event = this.#events.find((candidate) => candidate.eventId === eventId);
    if (event === undefined) throw new Error(`There is no note ${eventId}.`);
    this.#events = this.#events.filter((other) => other !== event);
    this.#tell('history.eventDeleted', { eventId });
    return event;
  }

  #put(event: Omit<HistoryEvent, 'eventId' | 'profileId'>): HistoryEvent {
    const put = { profileId: benchProfileId, ...event, eventId: String(this.#nextId) };
    this.#nextId += 1;
    this.#events.push(put);
    return put;
  }
}
