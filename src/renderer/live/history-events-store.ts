import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { SeriesSource, Slot } from '../charts/series.ts';
import { type LiveClient, onReachable } from './sample-feed.ts';

interface HistoryEventsOptions {
  profileId: string;
  /** Says which span is of interest. */
  base: SeriesSource<Slot>;
  client: LiveClient;
}

export interface HistoryEventsState {
  /** Those that touch the span, oldest first. Replaced, never changed. */
  events: readonly HistoryEvent[];
  error: unknown;
}

/** What happened within the span a series shows: asked for once, then kept by the engine's events. */
export class HistoryEvents {
  readonly #options: HistoryEventsOptions;
  readonly #listeners = new Set<() => void>();
  #state: HistoryEventsState = { events: [], error: null };
  #request: AbortController | null = null;
  /** Heard while an answer is awaited, which may not hold them yet, or still. */
  #added: HistoryEvent[] = [];
  #deleted = new Set<string>();
  /** When the earliest event begins that was told while the span, paused, ended before it. */
  #missedFromMs = Number.POSITIVE_INFINITY;

  constructor(options: HistoryEventsOptions) {
    this.#options = options;
  }

  open(): () => void {
    const { client, base, profileId } = this.#options;
    const stops = [
      client.on('history.eventAdded', (event) => {
        if (event.profileId === null || event.profileId === profileId) this.put(event);
      }),
      client.on('history.eventDeleted', ({ eventId }) => this.remove(eventId)),
      base.subscribe(() => this.#follow()),
      onReachable(client, (reachable) => {
        if (reachable) void this.load();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#request?.abort();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): HistoryEventsState => this.#state;

  async load(): Promise<void> {
    const { client, base, profileId } = this.#options;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#added = [];
    this.#deleted.clear();
    this.#missedFromMs = Number.POSITIVE_INFINITY;
    const { fromMs, toMs } = base.view();
    try {
      const span = { fromMs: Math.max(0, fromMs), toMs };
      const answer = await client.request(
        'history.events',
        { profileId, ...span },
        { signal: request.signal },
      );
      if (request !== this.#request) return;
      this.#request = null;
      const events = answer.filter(({ eventId }) => !this.#deleted.has(eventId));
      this.#set({ events: this.#added.reduce(withEvent, events), error: null });
    } catch (error) {
      if (request !== this.#request || request.signal.aborted) return;
      this.#request = null;
      this.#set({ events: this.#state.events, error });
    }
  }

  /** Shows an event at once; the engine telling of it again changes nothing. */
  put(event: HistoryEvent): void {
    const { fromMs, toMs } = this.#options.base.view();
    // A live span reaches the moment of a new event within the second.
    if (event.fromMs > toMs + 5000) this.#missedFromMs = Math.min(this.#missedFromMs, event.fromMs);
    if (event.toMs < fromMs || event.fromMs > toMs + 5000) return;
    if (this.#request !== null) this.#added.push(event);
    this.#set({ ...this.#state, events: withEvent(this.#state.events, event) });
  }

  remove(eventId: string): void {
    if (this.#request !== null) this.#deleted.add(eventId);
    const events = this.#state.events.filter((event) => event.eventId !== eventId);
    if (events.length < this.#state.events.length) this.#set({ ...this.#state, events });
  }

  /** Lets go of what has left the span, and asks anew when it comes to what was missed. */
  #follow(): void {
    const { fromMs, toMs } = this.#options.base.view();
    if (this.#missedFromMs < toMs) void this.load();
    const first = this.#state.events[0];
    if (first === undefined || first.toMs >= fromMs) return;
    this.#set({ ...this.#state, events: this.#state.events.filter(({ toMs }) => toMs >= fromMs) });
  }

  #set(state: HistoryEventsState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

function withEvent(events: readonly HistoryEvent[], event: HistoryEvent): HistoryEvent[] {
  const others = events.filter(({ eventId }) => eventId !== event.eventId);
  const place = others.findLastIndex(({ fromMs }) => fromMs <= event.fromMs) + 1;
  return others.toSpliced(place, 0, event);
}
