import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Logger } from '#engine/base/log.ts';
import { appOrigin } from './app-origin.ts';
import { askBeforeUnload } from './unload-question.ts';
import { keepWindowState, minimumSize, placeWindow, readWindowState } from './window-state.ts';

export interface MainWindow {
  window: BrowserWindow;
  /** Remembers the window's place at once. */
  saveState(): void;
}

/** The page's own background (src/renderer/theme/tokens.css), so that nothing flashes before it draws. */
const backgroundColor = () => (nativeTheme.shouldUseDarkColors ? '#10151a' : '#f3f5f7');

/** A page that crashes again this soon would do so forever. */
const crashLoopMs = 10_000;

/** Opens the one window. It shows itself once it has something to show. */
export function openMainWindow(options: {
  dataFolder: string;
  preloadFile: string;
  log: Logger;
}): MainWindow {
  const { dataFolder, preloadFile, log } = options;
  const stateFile = path.join(dataFolder, 'window.json');
  const state = readWindowState(stateFile);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(state, workAreas),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Poolscope',
    backgroundColor: backgroundColor(),
    show: false,
    webPreferences: {
      preload: preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (state?.maximized) window.maximize();
    window.show();
  });

  askBeforeUnload(window);

  const followTheme = () => window.setBackgroundColor(backgroundColor());
  nativeTheme.on('updated', followTheme);
  window.on('closed', () => nativeTheme.off('updated', followTheme));

  let crashedAtMs = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, details) => {
    log.error({ reason: details.reason, exitCode: details.exitCode }, 'the window crashed');
    const sinceMs = performance.now() - crashedAtMs;
    crashedAtMs = performance.now();
    if (sinceMs > crashLoopMs) window.webContents.reload();
  });

  window.loadURL(`${appOrigin}/`).catch((error) => log.error({ err: error }, 'the window could not load'));
  return { window, saveState: keepWindowState(window, stateFile) };
}
