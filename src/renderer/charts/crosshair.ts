import type { Span } from '../ranges/range.ts';

/** A stretch of time being chosen: from where it was begun to where it has come. Starts of buckets. */
interface Selection {
  anchorMs: number;
  headMs: number;
}

/**
 * The moment under the pointer and the stretch being chosen, shared by every chart on screen.
 * Charts move their own marks when they change; React and recharts never hear of it.
 */
export class Crosshair {
  #hoverMs: number | null = null;
  #pinnedMs: number | null = null;
  #selection: Selection | null = null;
  readonly #listeners = new Set<() => void>();

  /** The moment under the pointer, else the one that was pinned. */
  get atMs(): number | null {
    return this.#hoverMs ?? this.#pinnedMs;
  }

  get pinnedMs(): number | null {
    return this.#pinnedMs;
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  /** The pointer is at a moment, or (null) nowhere: what is pinned shows again. */
  hover(atMs: number | null): void {
    if (atMs === this.#hoverMs) return;
    this.#hoverMs = atMs;
    this.#tell();
  }

  /** Stays at a moment without the pointer; null lets go. */
  pin(atMs: number | null): void {
    if (atMs === this.#pinnedMs && this.#hoverMs === null) return;
    this.#pinnedMs = atMs;
    this.#hoverMs = null;
    this.#tell();
  }

  select(selection: Selection | null): void {
    const before = this.#selection;
    if (before?.anchorMs === selection?.anchorMs && before?.headMs === selection?.headMs) return;
    this.#selection = selection;
    this.#tell();
  }

  /** Lets go of everything: another range is shown. */
  clear(): void {
    this.#selection = null;
    this.#hoverMs = null;
    this.#pinnedMs = null;
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What a selection covers: both its first and its last bucket. */
export function spanOfSelection({ anchorMs, headMs }: Selection, bucketMs: number): Span {
  return { fromMs: Math.min(anchorMs, headMs), toMs: Math.max(anchorMs, headMs) + bucketMs };
}
