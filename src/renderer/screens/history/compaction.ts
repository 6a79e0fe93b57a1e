import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { EngineEvents } from '#shared/contract/events.ts';
import type * as client from '../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../data/errors.ts';

/** How compacting the history stands. */
export type CompactionState =
  | { kind: 'idle' }
  | { kind: 'running'; doneBytes: number; totalBytes: number }
  | { kind: 'done'; beforeBytes: number; afterBytes: number }
  | { kind: 'failed'; error: ErrorPayload }
  | { kind: 'cancelled' };

/** The one compaction of this page; it goes on when its screen is left. */
export class Compaction {
  readonly #client: Pick<typeof client, 'request' | 'on'>;
  readonly #ended: () => void;
  readonly #listeners = new Set<() => void>();
  #state: CompactionState = { kind: 'idle' };
  #abort = new AbortController();

  /** `ended` is called whenever sizes may have changed. */
  constructor(bridge: Pick<typeof client, 'request' | 'on'>, ended: () => void) {
    this.#client = bridge;
    this.#ended = ended;
  }

  state = (): CompactionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves when it has ended, in whatever way; never rejects. */
  async start(): Promise<void> {
    if (this.#state.kind === 'running') return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#set({ kind: 'running', doneBytes: 0, totalBytes: 0 });
    const unsubscribe = this.#client.on('history.compactProgress', (progress) => this.#hear(progress));
    try {
      const sizes = await this.#client.request('history.compact', {}, { signal });
      this.#set({ kind: 'done', ...sizes });
    } catch (error) {
      this.#set(isCancelled(error) ? { kind: 'cancelled' } : { kind: 'failed', error: payloadOf(error) });
    } finally {
      unsubscribe();
      this.#ended();
    }
  }

  /** Stops where it is; what was given back stays so. */
  cancel(): void {
    this.#abort.abort();
  }

  #hear({ doneBytes, totalBytes }: EngineEvents['history.compactProgress']): void {
    if (this.#state.kind === 'running') this.#set({ kind: 'running', doneBytes, totalBytes });
  }

  #set(state: CompactionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
