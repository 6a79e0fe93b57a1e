import type { TickBatch } from '../database/tick-batch.ts';

/** As long as the memory of live charts: an hour. */
const mostWaiting = 3600;

interface QueueOptions {
  write(batch: TickBatch): Promise<void>;
  /** Called for each failure; answers whether to try again, and when. */
  onFailure(error: unknown): { retryMs: number } | 'give up';
  /** Called after the first tick that was written after a failure, with how many waited and were lost. */
  onRecovered(recovered: { waited: number; lost: number }): void;
}

/** Ticks on their way to the disk, in order, one at a time; those that cannot be written wait. */
export class RecordingQueue {
  readonly #options: QueueOptions;
  #waiting: TickBatch[] = [];
  #lost = 0;
  #isFailing = false;
  #isRunning = false;
  #isHeld = true;
  #retry: NodeJS.Timeout | null = null;
  #idle = new Set<() => void>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  add(batch: TickBatch): void {
    this.#waiting.push(batch);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#lost += 1;
    }
    void this.#run();
  }

  /** Lets ticks through; until then they wait. @param isFailing whether opening has failed */
  release(isFailing: boolean): void {
    this.#isFailing = isFailing;
    this.#isHeld = false;
    void this.#run();
  }

  /** Settles when nothing waits, or what waits cannot be written now. */
  async flushed(): Promise<void> {
    if (!this.#isRunning) return;
    await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  /** No retry comes after this. */
  close(): void {
    this.#isHeld = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  async #run(): Promise<void> {
    if (this.#isRunning || this.#isHeld || this.#retry !== null) return;
    this.#isRunning = true;
    const waited = this.#waiting.length;
    while (!this.#isHeld && this.#waiting[0] !== undefined) {
      const batch = this.#waiting[0];
      try {
        await this.#options.write(batch);
        // A tick dropped meanwhile for want of room was this one.
        if (this.#waiting[0] === batch) this.#waiting.shift();
      } catch (error) {
        this.#fail(error);
        break;
      }
      if (this.#isFailing) {
        this.#isFailing = false;
        this.#options.onRecovered({ waited, lost: this.#lost });
        this.#lost = 0;
      }
    }
    this.#isRunning = false;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  #fail(error: unknown): void {
    this.#isFailing = true;
    const next = this.#options.onFailure(error);
    if (next === 'give up') {
      this.#isHeld = true;
      return;
    }
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#run();
    }, next.retryMs);
  }
}
