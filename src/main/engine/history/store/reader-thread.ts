import type { ThreadHost } from '../../base/thread-host.ts';
import type { ReaderCalls } from '../database/reader.ts';
import { startReaderThread } from './threads.ts';

/** A reading thread for one file, started by its first query and again after it has ended. */
export class ReaderThread {
  readonly #file: string;
  #host: ThreadHost<ReaderCalls> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  call<K extends keyof ReaderCalls>(
    name: K,
    input: ReaderCalls[K]['input'],
  ): Promise<ReaderCalls[K]['answer']> {
    if (this.#host === null || this.#host.hasEnded) this.#host = startReaderThread(this.#file);
    return this.#host.call(name, input);
  }

  /** Starts it ahead of the first query. */
  start(): void {
    this.call('open', null).catch(() => {});
  }

  async end(): Promise<void> {
    const host = this.#host;
    this.#host = null;
    // Lets go of the file in order, before it is moved or deleted.
    await host?.call('close', null).catch(() => {});
    await host?.end();
  }
}
