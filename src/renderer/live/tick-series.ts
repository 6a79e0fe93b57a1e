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

interface Options {
  /** Kept and shown; what is older is let go of. */
  spanMs: number;
  /** Ticks further apart than two and a half of these are drawn as a gap. */
  bucketMs: number;
  /** Ticks up to this far apart are joined all the same, where they may come more slowly than buckets pass. */
  joinedWithinMs?: number;
  /** The engine's wall clock. */
  now?: () => number;
}

/** Time moves on without ticks after this: a lost link shows as a growing gap. */
const tickLateMs = 1500;

/**
 * What came in the last minutes, for charts of what is not recorded as a pool's samples are. A part
 * of it can be looked at closely; it goes on being collected meanwhile.
 */
export class TickSeries<T extends Tick> implements SeriesSource<TickSlot<T>> {
  readonly #spanMs: number;
  readonly #bucketMs: number;
  readonly #joinedWithinMs: number;
  readonly #now: () => number;
  readonly #listeners = new Set<(change: SeriesChange) => void>();
  #slots: TickSlot<T>[] = [];
  #zoomed: Span | null = null;
  #view: SeriesView<TickSlot<T>> | null = null;
  #movedAtMs = 0;

  constructor({ spanMs, bucketMs, joinedWithinMs = 0, now = engineNowMs }: Options) {
    this.#joinedWithinMs = joinedWithinMs;
    this.#spanMs = spanMs;
    this.#bucketMs = bucketMs;
    this.#now = now;
  }

  /** The part that is looked at closely; null while all of it shows. */
  get zoomed(): Span | null {
    return this.#zoomed;
  }

  /** Lets time go on where no ticks come; returns the function that ends it. */
  open(): () => void {
    const timer = setInterval(() => {
      if (this.#now() - this.#movedAtMs >= tickLateMs) this.#changed('tick');
    }, 1000);
    return () => clearInterval(timer);
  }

  /** Adds ticks in any order; one that is here already changes nothing. */
  add(ticks: readonly T[]): void {
    let added = false;
    for (const tick of ticks) added = this.#place(tick) || added;
    if (!added) return;
    const fromMs = Math.min(this.#endMs() - this.#spanMs, this.#zoomed?.fromMs ?? Number.POSITIVE_INFINITY);
    const keepFromMs = fromMs - 2 * this.#bucketMs;
    while ((this.#slots[0]?.startMs ?? Number.POSITIVE_INFINITY) < keepFromMs) this.#slots.shift();
    this.#changed(ticks.length === 1 ? 'tick' : 'whole');
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

  /** Back to all of it, up to now; false when it showed already. */
  showAll(): boolean {
    if (this.#zoomed === null) return false;
    this.#zoomed = null;
    this.#changed('whole');
    return true;
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
    if (same.ticks.some(({ atMs }) => atMs === tick.atMs)) return false;
    const ticks = [...same.ticks, tick].sort((a, b) => a.atMs - b.atMs);
    this.#slots[index - 1] = this.#slot(startMs, ticks);
    return true;
  }

  #slot(startMs: number, ticks: readonly T[]): TickSlot<T> {
    return { startMs, joinedWithinMs: this.#joinedWithinMs, ticks, last: ticks.at(-1) as T };
  }

  #changed(change: SeriesChange): void {
    this.#movedAtMs = this.#now();
    // What is looked at closely stands still.
    if (change === 'tick' && this.#zoomed !== null) return;
    this.#view = null;
    for (const listener of [...this.#listeners]) listener(change);
  }
}
