import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { PoolEvent, PoolEventKind, RemoveReason } from '#shared/model/pool-event.ts';
import type { Clock } from '../base/clock.ts';
import { wordsFor } from './event-words.ts';

/** How many events of one pool are kept. */
export const keptEvents = 5000;
/** So short that an event is never written at a time from before the computer slept or its clock was set. */
const wallClockLastsMs = 5;

/** What is said of an event beyond its kind and length; its words are put together when it is read. */
export type EventDetail = string | ErrorPayload | null;

/** The connection an event is of. */
export interface EventSubject {
  readonly connectionId: number;
  readonly processId: number | null;
  readonly holder: string | null;
  readonly statement: string | null;
}

/** As it is written: plain fields, no words. */
export interface EventSlot {
  sequence: number;
  atMs: number;
  kind: PoolEventKind;
  connectionId: number | null;
  processId: number | null;
  holder: string | null;
  durationMs: number | null;
  reason: RemoveReason | null;
  detail: EventDetail;
  statement: string | null;
}

export interface EventSearch {
  kinds: readonly PoolEventKind[];
  text: string;
  beforeSequence: number | null;
  limit: number;
}

/**
 * The last events of one pool, a ring of slots that are written over. Writing happens on every
 * hand-over, thousands of times a second, so it formats nothing and makes no object once the ring is full.
 */
export class EventLog {
  readonly #clock: Clock;
  readonly #slots: EventSlot[] = [];
  #written = 0;
  /** The wall clock as it was read last, and when that was by the monotonic one. */
  #wallMs = 0;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Events written over. */
  get dropped(): number {
    return Math.max(0, this.#written - keptEvents);
  }

  get size(): number {
    return this.#slots.length;
  }

  /** @param monotonicMs when it happened, for whoever has read the clock already */
  write(
    kind: PoolEventKind,
    subject: EventSubject | null,
    durationMs: number | null = null,
    detail: EventDetail = null,
    reason: RemoveReason | null = null,
    holder: string | null = subject === null ? null : subject.holder,
    monotonicMs = this.#clock.monotonicMs(),
  ): void {
    const at = this.#written % keptEvents;
    let slot = this.#slots[at];
    if (slot === undefined) {
      slot = emptySlot();
      this.#slots.push(slot);
    }
    this.#written += 1;
    slot.sequence = this.#written;
    slot.atMs = this.#wallMsAt(monotonicMs);
    slot.kind = kind;
    slot.connectionId = subject === null ? null : subject.connectionId;
    slot.processId = subject === null ? null : subject.processId;
    slot.holder = holder;
    slot.durationMs = durationMs;
    slot.reason = reason;
    slot.detail = detail;
    slot.statement = subject === null ? null : subject.statement;
  }

  /** Reading the wall clock costs as much as all the rest of writing, so it is read once in a while. */
  #wallMsAt(monotonicMs: number): number {
    const sinceReadMs = monotonicMs - this.#readAtMs;
    if (sinceReadMs >= 0 && sinceReadMs < wallClockLastsMs) return Math.floor(this.#wallMs + sinceReadMs);
    this.#wallMs = this.#clock.nowMs();
    this.#readAtMs = monotonicMs;
    return this.#wallMs;
  }

  /** Newest first. `text` is looked for in the words, the holder and the statement, in either case. */
  search({ kinds, text, beforeSequence, limit }: EventSearch): PoolEvent[] {
    const wanted = new Set(kinds);
    const sought = text.trim().toLowerCase();
    const found: PoolEvent[] = [];
    const newest = Math.min(this.#written, (beforeSequence ?? Number.POSITIVE_INFINITY) - 1);
    for (let sequence = newest; sequence > this.dropped && found.length < limit; sequence -= 1) {
      const slot = this.#slots[(sequence - 1) % keptEvents];
      if (slot === undefined || (wanted.size > 0 && !wanted.has(slot.kind))) continue;
      const event = toEvent(slot);
      if (sought === '' || searchedText(event).includes(sought)) found.push(event);
    }
    return found;
  }

  /** All that are kept, oldest first. */
  all(): PoolEvent[] {
    const everything = { kinds: [], text: '', beforeSequence: null, limit: keptEvents };
    return this.search(everything).reverse();
  }
}

const emptySlot = (): EventSlot => ({
  sequence: 0,
  atMs: 0,
  kind: 'acquire',
  connectionId: null,
  processId: null,
  holder: null,
  durationMs: null,
  reason: null,
  detail: null,
  statement: null,
});

/** A password that a statement spells out: of a role, a user mapping, or a connection string in it. */
const spelledSecrets = [
  /(\bpassword\s+)(?:e'(?:\\.|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|(\$\w*\$).*?(?:\2|$))/gis,
  /(\bpassword\s*=\s*)(?:''(?:(?!'').)*(?:''|$)|[^\s';]+)/gis,
  /(\bpostgres(?:ql)?:\/\/[^\s:@/']*:)[^\s@']*/gi,
];

/** Looked for when an event is read: writing one must stay cheap. */
const withoutSecrets = (statement: string | null): string | null =>
  spelledSecrets.reduce((text, secret) => text?.replace(secret, '$1••••') ?? null, statement);

function toEvent(slot: EventSlot): PoolEvent {
  const { detail, ...fields } = slot;
  fields.statement = withoutSecrets(slot.statement);
  const errorCode = typeof detail === 'object' && detail !== null ? detail.code : null;
  return { ...fields, errorCode, message: wordsFor(slot) };
}

const searchedText = ({ message, holder, statement, connectionId, processId }: PoolEvent): string =>
  `${message} ${holder ?? ''} ${statement ?? ''} ${connectionId ?? ''} ${processId ?? ''}`.toLowerCase();
