import { ThreadError } from '../../base/thread-calls.ts';
import type { OpenedHistory } from '../database/writer.ts';
import { faultOf } from './faults.ts';
import { ReaderThread } from './reader-thread.ts';
import { setAside } from './set-aside.ts';
import { startWriterThread, type WriterThread } from './threads.ts';

interface DatabaseThreadsOptions {
  file: string;
  nowMs(): number;
  onOpened(opened: OpenedHistory): void;
  onEvent(name: string, payload: unknown): void;
  /** A damaged file was moved to `aside`, and a new one begins. */
  onSetAside(aside: string): void;
}

/**
 * The threads of one history file: started when first used and again when one has ended. A file
 * that either finds damaged is set aside, once, and both go on with a new one.
 */
export class DatabaseThreads {
  readonly #options: DatabaseThreadsOptions;
  readonly #reader: ReaderThread;
  #writer: Promise<WriterThread> | null = null;
  #replacing: Promise<void> | null = null;
  /** Which file it is: what is said of one that was set aside does not concern the next. */
  #generation = 0;
  #isClosed = false;

  constructor(options: DatabaseThreadsOptions) {
    this.#options = options;
    this.#reader = new ReaderThread(options.file);
  }

  /** @throws what opening or the work throws; by then a damaged file has been replaced */
  write<T>(work: (writer: WriterThread) => Promise<T>): Promise<T> {
    return this.#attempt(async () => await work(await this.#openWriter()));
  }

  /** @throws as `write` */
  read<T>(work: (reader: ReaderThread) => Promise<T>): Promise<T> {
    return this.#attempt(() => work(this.#reader));
  }

  /** For what a thread says unasked. */
  async replaceIfDamaged(error: unknown): Promise<void> {
    if (faultOf(error, this.#options.file).kind === 'damaged') await this.#replace(this.#generation);
  }

  /** Nothing starts a thread again after this. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#replacing?.catch(() => {});
    await this.#endThreads();
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.#replacing;
    if (this.#isClosed) throw new ThreadError('The history is closed.', 'THREAD_ENDED');
    const generation = this.#generation;
    try {
      return await work();
    } catch (error) {
      if (faultOf(error, this.#options.file).kind === 'damaged') await this.#replace(generation);
      throw error;
    }
  }

  async #openWriter(): Promise<WriterThread> {
    await this.#replacing;
    const current = await this.#writer;
    if (current !== null && !current.hasEnded) return current;
    this.#writer ??= this.#startWriter();
    try {
      const writer = await this.#writer;
      if (!writer.hasEnded) return writer;
    } catch (error) {
      this.#writer = null;
      throw error;
    }
    this.#writer = null;
    return await this.#openWriter();
  }

  async #startWriter(): Promise<WriterThread> {
    const writer = startWriterThread((name, payload) => this.#options.onEvent(name, payload));
    try {
      this.#options.onOpened(await writer.call('open', { file: this.#options.file }));
      this.#reader.start();
      return writer;
    } catch (error) {
      await writer.end();
      throw error;
    }
  }

  #replace(generation: number): Promise<void> {
    if (generation !== this.#generation) return this.#replacing ?? Promise.resolve();
    this.#generation += 1;
    this.#replacing = this.#setAside().finally(() => {
      this.#replacing = null;
    });
    return this.#replacing;
  }

  async #setAside(): Promise<void> {
    await this.#endThreads();
    this.#options.onSetAside(setAside(this.#options.file, this.#options.nowMs()));
  }

  /** In order, so that the log is taken into the file; should that fail, the next start does it. */
  async #endThreads(): Promise<void> {
    await this.#reader.end();
    const writer = await this.#writer?.catch(() => null);
    this.#writer = null;
    await writer?.call('close', null).catch(() => {});
    await writer?.end();
  }
}
