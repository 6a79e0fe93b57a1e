import type { Logger } from '#engine/base/log.ts';

/** Everything ends within 5 s of the first signal; the margin is for the process itself. */
const deadlineMs = 4500;
/**
 * One Ctrl-C reaches us several times: from the terminal, and forwarded by npm and by the script that
 * started us. Only a signal that comes later than this is a second one.
 */
const sameSignalMs = 1000;

/** What shutting down needs of the process. */
export interface ExitingProcess {
  on(event: NodeJS.Signals | 'disconnect', listener: () => void): unknown;
  exit(code: number): unknown;
}

/** Closes what was opened, last first, whatever ends the program, and exits. */
export class Shutdown {
  readonly #process: ExitingProcess;
  readonly #warn: (sentence: string) => void;
  readonly #onBegin: () => void;
  readonly #closers: (() => Promise<void>)[] = [];
  #log: Logger | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  #startedAtMs: number | null = null;

  /** `onBegin` runs at once when the end begins, before anything closes. */
  constructor(exiting: ExitingProcess, warn: (sentence: string) => void, onBegin = () => {}) {
    this.#process = exiting;
    this.#warn = warn;
    this.#onBegin = onBegin;
  }

  /** Registers how to close something just opened. */
  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Names what still opens things: the end waits for it, so that those are closed, too. */
  waitFor(starting: Promise<unknown>): void {
    this.#starting = starting;
  }

  /** From now on failures are logged. */
  logTo(log: Logger): void {
    this.#log = log;
  }

  get hasBegun(): boolean {
    return this.#startedAtMs !== null;
  }

  /** Shuts down on SIGINT, SIGTERM and SIGHUP, and when the script that started us is gone. */
  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      this.#process.on(signal, () => this.#signalled());
    }
    this.#process.on('disconnect', () => void this.run(0));
  }

  /** Ends the program over a failure: logged first, then told to the user unless the end has begun. */
  fail(error: unknown, exitCode: number, tell: () => void): void {
    this.#log?.fatal({ err: error }, 'Poolscope cannot go on');
    if (this.hasBegun) return;
    tell();
    void this.run(exitCode);
  }

  /** Closes everything, then exits with the code; with 1 when something did not close. Runs once. */
  async run(exitCode: number): Promise<void> {
    if (this.#startedAtMs !== null) return;
    this.#startedAtMs = performance.now();
    this.#onBegin();
    const late = setTimeout(() => {
      this.#log?.error('not everything closed in time');
      this.#warn('Poolscope could not close everything in time and ends now.');
      this.#process.exit(1);
    }, deadlineMs);
    await this.#starting.catch(() => {});
    let code = exitCode;
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        code = 1;
        this.#log?.error({ err: error }, 'something did not close');
        this.#warn('Poolscope could not close everything in order.');
      }
    }
    clearTimeout(late);
    this.#process.exit(code);
  }

  #signalled(): void {
    if (this.#startedAtMs === null) void this.run(0);
    // Listeners of `exit` end the children.
    else if (performance.now() - this.#startedAtMs > sameSignalMs) this.#process.exit(130);
  }
}
