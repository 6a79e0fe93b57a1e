/** Everything ends within 5 s of the first signal; the margin is for the process itself. */
const deadlineMs = 4700;
/**
 * One Ctrl-C reaches us several times: from the terminal, and forwarded by npm and by the script that
 * started us. Only a signal that comes later than this is a second one.
 */
const sameSignalMs = 1000;

/** What shutting down needs of the process; given by tests. */
export interface ExitingProcess {
  on(event: NodeJS.Signals | 'disconnect', listener: () => void): unknown;
  exit(code: number): unknown;
}

/** Closes what was opened, last first, whatever ends the program, and exits. */
export class Shutdown {
  readonly #process: ExitingProcess;
  readonly #warn: (sentence: string) => void;
  readonly #closers: (() => Promise<void>)[] = [];
  #startedAtMs: number | null = null;

  constructor(exiting: ExitingProcess, warn: (sentence: string) => void) {
    this.#process = exiting;
    this.#warn = warn;
  }

  /** Registers how to close something just opened. */
  add(close: () => Promise<void>): void {
    this.#closers.push(close);
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

  /** Closes everything, then exits with the code; with 1 when something did not close. Runs once. */
  async run(exitCode: number): Promise<void> {
    if (this.#startedAtMs !== null) return;
    this.#startedAtMs = performance.now();
    const late = setTimeout(() => {
      this.#warn('Poolscope could not close everything in time and ends now.');
      this.#process.exit(1);
    }, deadlineMs);
    let code = exitCode;
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch {
        code = 1;
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
