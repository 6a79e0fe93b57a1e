import type { SeriesChange, SeriesSource, SeriesView, Slot } from '../charts/series.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import type { Span } from '../ranges/range.ts';

/** What was measured at a moment. */
interface Tick {
  atMs: number;
}

/** The ticks of one slot of time, oldest first; never none. A new object whenever one joins. */
export interface TickSlot<T extends Tick> extends Slot {
  ticks: readonly T[];
  /** The newest of them. */
  last: T;
}

interface Options<T extends Tick> {
  /** Kept and shown; what is older is let go of. */
  spanMs: number;
  /** Ticks further apart than two and a half of these are drawn as a gap. */
  bucketMs: number;
  /** Ticks up to this far apart are joined all the same, where they may come more slowly than buckets pass. */
  joinedWithinMs?: number | ((tick: T) => number);
  /** Makes one of the ticks of a slot, where they are too many to keep; a later one with what came before it. */
  merge?: (before: T, tick: T) => T;
  /** The engine's wall clock. */
  now?: () => number;
}

/** Time moves on without ticks after this: a lost link shows as a growing gap. */
const tickLateMs = 1500;

/**
 * What came in a range, for charts of what is not recorded as a pool's samples are: up to now, or a
 * part of the past that stands still.
 */
export class TickSeries<T extends Tick> implements SeriesSource<TickSlot<T>> {
  readonly #spanMs: number;
  readonly #bucketMs: number;
  readonly #joinedWithinMs: number | ((tick: T) => number);
  readonly #merge: ((before: T, tick: T) => T) | null;
  readonly #now: () => number;
  readonly #listeners = new Set<(change: SeriesChange) => void>();
  #slots: TickSlot<T>[] = [];
  #zoomed: Span | null = null;
  #view: SeriesView<TickSlot<T>> | null = null;
  #movedAtMs = 0;

  constructor({ spanMs, bucketMs, joinedWithinMs = 0, merge, now = engineNowMs }: Options<T>) {
    this.#joinedWithinMs = joinedWithinMs;
    this.#merge = merge ?? null;
    this.#spanMs = spanMs;
    this.#bucketMs = bucketMs;
    this.#now = now;
  }

  /** Lets time go on where no ticks come; returns the function that ends it. */
  open(): () => void {
    const timer = setInterval(() => {
      if (this.#now() - this.#movedAtMs >= tickLateMs) this.#changed('tick');
    }, 1000);
    return () => clearInterval(timer);
  }

  /** Puts these ticks in the place of all that are here. */
  replace(ticks: readonly T[]): void {
    this.#slots = [];
    for (const tick of ticks) this.#place(tick);
    this.#changed('whole');
  }

  /**
   * Adds ticks in any order; one that is here already changes nothing. Where ticks are merged they
   * must come in order, and an older one changes nothing.
   */
  add(ticks: readonly T[]): void {
    let added = false;
    for (const tick of ticks) added = this.#place(tick) || added;
    if (!added) return;
    const fromMs = Math.min(this.#endMs() - this.#spanMs, this.#zoomed?.fromMs ?? Number.POSITIVE_INFINITY);
    const keepFromMs = fromMs - 2 * this.#bucketMs;
    while ((this.#slots[0]?.startMs ?? Number.POSITIVE_INFINITY) < keepFromMs) this.#slots.shift();
    this.#changed(ticks.length === 1 && this.#zoomed === null ? 'tick' : 'whole');
  }

  subscribe = (listener: (change: SeriesChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  view(): SeriesView<TickSlot<T>> {
    if (this.#view === null) {
      const endMs = this.#endMs();
      const { fromMs, toMs } = this.#zoomed ?? { fromMs: endMs - this.#spanMs, toMs: endMs };
      const reachMs = 2 * this.#bucketMs;
      const isNear = ({ startMs }: Slot) => startMs >= fromMs - reachMs && startMs < toMs + reachMs;
      this.#view = { fromMs, toMs, bucketMs: this.#bucketMs, buckets: this.#slots.filter(isNear) };
    }
    return this.#view;
  }

  /** Shows this part alone until `showAll`. */
  zoomTo(span: Span): void {
    this.#zoomed = span;
    this.#changed('whole');
  }

  /** Back to all of it, up to now. */
  showAll(): void {
    if (this.#zoomed === null) return;
    this.#zoomed = null;
    this.#changed('whole');
  }

  #endMs(): number {
    const nowMs = Math.max(this.#now(), this.#slots.at(-1)?.last.atMs ?? 0);
    return Math.ceil(nowMs / 1000) * 1000;
  }

  #place(tick: T): boolean {
    const startMs = Math.floor(tick.atMs / this.#bucketMs) * this.#bucketMs;
    let index = this.#slots.length;
    while (index > 0 && (this.#slots[index - 1] as TickSlot<T>).startMs > startMs) index -= 1;
    const same = this.#slots[index - 1];
    if (same === undefined || same.startMs !== startMs) {
      this.#slots.splice(index, 0, this.#slot(startMs, [tick]));
      return true;
    }
    if (this.#merge !== null) {
      if (tick.atMs <= same.last.atMs) return false;
      this.#slots[index - 1] = this.#slot(startMs, [this.#merge(same.last, tick)]);
      return true;
    }
    if (same.ticks.some(({ atMs }) => atMs === tick.atMs)) return false;
    const ticks = [...same.ticks, tick].sort((a, b) => a.atMs - b.atMs);
    this.#slots[index - 1] = this.#slot(startMs, ticks);
    return true;
  }

  #slot(startMs: number, ticks: readonly T[]): TickSlot<T> {
    const last = ticks.at(-1) as T;
    const joinedWithinMs =
      typeof this.#joinedWithinMs === 'number' ? this.#joinedWithinMs : this.#joinedWithinMs(last);
    return { startMs, joinedWithinMs, ticks, last };
  }

  #changed(change: SeriesChange): void {
    this.#movedAtMs = this.#now();
    // What is looked at closely stands still.
    if (change === 'tick' && this.#zoomed !== null) return;
    this.#view = null;
    for (const listener of [...this.#listeners]) listener(change);
  }
}
