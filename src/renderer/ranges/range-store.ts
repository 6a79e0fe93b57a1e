import { useSyncExternalStore } from 'react';
import { engineNowMs } from '../data/engine-clock.ts';
import type { CompareWith } from './compare.ts';
import { fixedRange, presets, type Range, type Span, stepped, zoomedOut } from './range.ts';
import { liveAgain, popped, pushed, type RangeStack, replaced, stackOf } from './range-stack.ts';

interface RangeState extends RangeStack {
  compareWith: CompareWith;
}

/** The range every screen shows; it holds from connection to connection until the page is closed. */
export class RangeStore {
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #state: RangeState = { ...stackOf({ kind: 'live', spanMs: presets[0].spanMs }), compareWith: 'nothing' };

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): RangeState => this.#state;

  /** By name, typed or picked: there is nothing to go back to. */
  choose(range: Range): void {
    this.#set(stackOf(range));
  }

  zoomTo(span: Span): void {
    this.#set(pushed(this.#state, fixedRange(span, this.#now())));
  }

  zoomOut(): void {
    this.#set(pushed(this.#state, zoomedOut(this.#state.current, this.#now())));
  }

  /** Undoes the last zoom. Says whether there was one. */
  back(): boolean {
    if (this.#state.past.length === 0) return false;
    this.#set(popped(this.#state));
    return true;
  }

  step(direction: -1 | 1): void {
    this.#set(replaced(this.#state, stepped(this.#state.current, direction, this.#now())));
  }

  goLive(): void {
    this.choose(liveAgain(this.#state));
  }

  compare(compareWith: CompareWith): void {
    this.#set({ ...this.#state, compareWith });
  }

  #set(change: Partial<RangeState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export const rangeStore = new RangeStore(engineNowMs);

export function useRangeState(): RangeState {
  return useSyncExternalStore(rangeStore.subscribe, rangeStore.state);
}
