/**
 * What the built Electron entry gets for `import … from 'electron'` in tests: only what Poolscope's
 * shell calls. An import that is missing here fails to link, and each part `satisfies` Electron's
 * own declaration, so a call that Electron lacks does not compile.
 */
export { app } from './app.ts';
export { StandInBrowserWindow as BrowserWindow } from './browser-window.ts';
export { nativeTheme, screen, session, shell } from './desktop.ts';
export { dialog } from './dialog.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu } from './menu.ts';
export { StandInNotification as Notification } from './notification.ts';
export { protocol } from './protocol.ts';
export { safeStorage } from './safe-storage.ts';
