import { app, BrowserWindow } from 'electron';

/** Everything ends within 5 s; the margin is for Electron itself. */
const closeDeadlineMs = 4500;

export interface Exit {
  /** True from the first `run` on. */
  readonly hasBegun: boolean;
  /** Ends the program in order. Runs once; later calls change nothing. */
  run(exitCode: number): void;
}

/**
 * Makes every way out the same: last window closed, Quit, Ctrl-C, SIGTERM, the script that started
 * us gone. `close` gets its deadline; the exit code becomes 1 when something did not close.
 */
export function quitInOrder(close: () => Promise<void>, warn: (sentence: string) => void): Exit {
  let hasBegun = false;
  const run = (exitCode: number) => {
    if (hasBegun) return;
    hasBegun = true;
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    void closeInTime(close, warn).then((closed) => app.exit(closed ? exitCode : 1));
  };
  app.on('window-all-closed', () => run(0));
  app.on('before-quit', (event) => {
    event.preventDefault();
    run(0);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => run(0));
  process.on('disconnect', () => run(0));
  return {
    get hasBegun() {
      return hasBegun;
    },
    run,
  };
}

async function closeInTime(close: () => Promise<void>, warn: (sentence: string) => void): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, closeDeadlineMs, 'late');
  });
  try {
    if ((await Promise.race([close(), late])) !== 'late') return true;
    warn('Poolscope could not close everything in time and ends now.');
  } catch {
    warn('Poolscope could not close everything in order.');
  }
  clearTimeout(timer);
  return false;
}
