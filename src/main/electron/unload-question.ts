import { type BrowserWindow, dialog } from 'electron';

const buttons = ['Stay', 'Roll back and leave'];
const leave = 1;

/**
 * The page refuses to go while it holds a transaction open. Electron would then keep the window shut to
 * every way out without a word; this asks instead, when it is closed, reloaded or the app is quit.
 */
export function askBeforeUnload(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'warning',
      title: 'Poolscope',
      message: 'A transaction is still open.',
      detail: 'If you leave now it is rolled back: nothing that its statements did is kept.',
      buttons,
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    // Preventing the event overrules the page.
    if (answer === leave) event.preventDefault();
  });
}
