import { EngineError } from '../../base/errors.ts';
import type { Reading } from './reading.ts';

const keptMs = 10 * 60_000;

interface Held {
  importId: string;
  readings: Map<string, Reading>;
  timer: NodeJS.Timeout;
}

/** What was read and not yet applied, secrets included: one preview for each caller, for ten minutes. */
export class Previews {
  readonly #held = new Map<string, Held>();

  hold(callerId: string, importId: string, readings: Map<string, Reading>): void {
    this.drop(callerId);
    const timer = setTimeout(() => this.drop(callerId), keptMs);
    timer.unref();
    this.#held.set(callerId, { importId, readings, timer });
  }

  /** @throws EngineError `not_found` */
  get(callerId: string, importId: string): Map<string, Reading> {
    const held = this.#held.get(callerId);
    if (held?.importId === importId) return held.readings;
    const message = 'That preview is gone: it is kept for ten minutes, and until the next one.';
    throw new EngineError('not_found', message, { remedy: 'Read the settings again.' });
  }

  drop(callerId: string): void {
    clearTimeout(this.#held.get(callerId)?.timer);
    this.#held.delete(callerId);
  }

  close(): void {
    for (const callerId of [...this.#held.keys()]) this.drop(callerId);
  }
}
