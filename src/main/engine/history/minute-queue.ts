/** Minutes that could not be written wait for an hour, as samples of pools do. */
const mostWaiting = 60;

interface Options<T> {
  write(minute: T): Promise<void>;
  /** Called for each failure; the minute stays, and is tried again with the next. */
  onFailure(error: unknown): void;
}

/** Whole minutes on their way to the disk, in order, one at a time; those that cannot be written wait. */
export class MinuteQueue<T> {
  readonly #options: Options<T>;
  /** Each in a box, to be known again when what it holds has changed. */
  #waiting: { minute: T }[] = [];
  #writing = Promise.resolve();

  constructor(options: Options<T>) {
    this.#options = options;
  }

  /** What is not on disk yet, oldest first. */
  get waiting(): readonly T[] {
    return this.#waiting.map(({ minute }) => minute);
  }

  add(minute: T): void {
    this.#waiting.push({ minute });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** What waits, as this makes it; null for what is no longer wanted. */
  change(changed: (minute: T) => T | null): void {
    this.#waiting = this.#waiting.filter((box) => {
      const minute = changed(box.minute);
      if (minute !== null) box.minute = minute;
      return minute !== null;
    });
  }

  /** Settles when nothing waits, or what waits cannot be written now. Never rejects. */
  written(): Promise<void> {
    return this.#writing;
  }

  async #write(): Promise<void> {
    try {
      for (let box = this.#waiting[0]; box !== undefined; box = this.#waiting[0]) {
        await this.#options.write(box.minute);
        const written = box;
        this.#waiting = this.#waiting.filter((waiting) => waiting !== written);
      }
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}
