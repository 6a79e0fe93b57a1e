import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A browser that ends sooner than this opened no window of its own. */
const tooShortMs = 3000;
const endDeadlineMs = 1000;

/** How the window ended: by the user, by passing on to a browser that already runs, or before it opened. */
export type WindowEnd = 'closed' | 'passedOn' | 'failed';

/** A browser window without tabs or address bar, showing one page. */
export class AppWindow {
  readonly #child: ChildProcess;
  readonly ended: Promise<WindowEnd>;

  /** `profileFolder` is the browser's own: its windows then end with its process. */
  constructor(options: { browser: string; url: string; profileFolder: string; isRoot: boolean }) {
    const flags = [
      `--app=${options.url}`,
      `--user-data-dir=${options.profileFolder}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--password-store=basic',
      // Chromium's sandbox refuses to run as root.
      ...(options.isRoot ? ['--no-sandbox'] : []),
    ];
    const startedAtMs = performance.now();
    // A group of its own: Ctrl-C is ours to handle, and the whole browser can be ended at once.
    this.#child = spawn(options.browser, flags, { stdio: 'ignore', detached: process.platform !== 'win32' });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve('failed'));
      this.#child.once('exit', (code) => {
        const wasShort = performance.now() - startedAtMs < tooShortMs;
        if (!wasShort) resolve('closed');
        else resolve(code === 0 ? 'passedOn' : 'failed');
      });
    });
  }

  /** Closes the window, the hard way when it takes longer than a second. */
  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#signal('SIGTERM', pid);
    const patience = new AbortController();
    const timeout = sleep(endDeadlineMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([exit, timeout]);
    patience.abort();
    this.#signal('SIGKILL', pid);
  }

  #signal(signal: NodeJS.Signals, pid: number): void {
    if (process.platform === 'win32') {
      this.#child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
