import { app, BrowserWindow } from 'electron';
import { Shutdown } from '../shells/shutdown.ts';

/**
 * Makes every way out the same: last window closed, Quit, Ctrl-C, SIGTERM, the script that started
 * us gone. The windows vanish at once; Quit closes them first, so that one may ask and stay, and then
 * waits until everything is closed.
 */
export function quitInOrder(warn: (sentence: string) => void): Shutdown {
  const hideWindows = () => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  };
  const exiting = {
    on: (event: NodeJS.Signals | 'disconnect', listener: () => void) => process.on(event, listener),
    exit: (code: number) => app.exit(code),
  };
  const shutdown = new Shutdown(exiting, warn, hideWindows);
  shutdown.listen();
  app.on('window-all-closed', () => void shutdown.run(0));
  app.on('will-quit', (event) => {
    event.preventDefault();
    void shutdown.run(0);
  });
  return shutdown;
}
