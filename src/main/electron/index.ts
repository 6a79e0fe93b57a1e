import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, safeStorage, session } from 'electron';
import { systemClock } from '#engine/base/clock.ts';
import { lockDataFolder } from '#engine/base/data-folder-lock.ts';
import { EngineError } from '#engine/base/errors.ts';
import { createLogger } from '#engine/base/log.ts';
import { logLevel, openLogFile } from '#engine/base/log-file.ts';
import { createEngine } from '#engine/index.ts';
import type { EnginePorts } from '#engine/ports.ts';
import { createSessionVault } from '#engine/profiles/index.ts';
import { defaultDataFolder } from '../shells/default-data-folder.ts';
import { registerAppScheme, serveRenderer } from './app-protocol.ts';
import { readArguments } from './arguments.ts';
import { bindIpc, callerIdOf } from './ipc.ts';
import { createKeychainVault } from './keychain-vault.ts';
import { quitInOrder } from './lifecycle.ts';
import { openMainWindow } from './main-window.ts';
import { setApplicationMenu } from './menu.ts';
import { guardNavigation } from './navigation-guard.ts';
import { createNotifications } from './notifications.ts';
import { createOpenFile } from './open-dialog.ts';
import { denyPermissions } from './permissions.ts';
import { createSaveFile } from './save-dialog.ts';

/** The build puts main, preload and renderer side by side. */
const built = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

const shutdown = quitInOrder(say);

/** Says in words why Poolscope cannot start or go on, and ends it. */
function fail(error: unknown): void {
  const words =
    error instanceof EngineError
      ? [error.message, error.details.remedy].filter(Boolean).join('\n')
      : `Poolscope met an error of its own and ends: ${error instanceof Error ? error.message : String(error)}`;
  shutdown.fail(error, 1, () => dialog.showErrorBox('Poolscope', words));
}

/** Electron wants the folder to exist before it is named. */
function nameFolder(folder: string): void {
  // What Chromium keeps (caches, cookies) stays out of the user's files.
  const sessionFolder = path.join(folder, 'window');
  try {
    mkdirSync(sessionFolder, { recursive: true, mode: 0o700 });
  } catch {
    throw new EngineError('storage_failed', `The data folder ${folder} cannot be created.`, {
      remedy: 'Choose another folder (--data).',
    });
  }
  app.setPath('userData', folder);
  app.setPath('sessionData', sessionFolder);
}

/** Everything that opens, in order, each with how it closes. */
async function start(sample: boolean): Promise<void> {
  // First, so that whatever fails from here on can be said in a window.
  await app.whenReady();
  const lock = await lockDataFolder(app.getPath('userData'));
  shutdown.add(() => lock.release());
  const dataFolder = lock.folder;
  const log = createLogger(openLogFile(dataFolder, say), logLevel());
  shutdown.logTo(log);
  denyPermissions(session.defaultSession);
  serveRenderer(built('renderer'));
  setApplicationMenu();
  const sessionVault = createSessionVault();
  const { platform } = process;
  const windows = () => BrowserWindow.getAllWindows();
  const notices: NonNullable<EnginePorts['notices']>[number][] = [];
  const notify = (message: string) => void notices.push({ level: 'warning', message });
  const vault = await createKeychainVault({
    dataFolder,
    cipher: safeStorage,
    platform,
    sessionVault,
    notify,
  });
  const windowOf = (id: string) => windows().find((window) => callerIdOf(window.webContents) === id);
  const engine = await createEngine({
    shell: 'electron',
    version: app.getVersion(),
    dataFolder,
    vault,
    notices,
    notifications: createNotifications(showFirstWindow),
    saveFile: createSaveFile(windowOf),
    openFile: createOpenFile(windowOf),
    log,
    clock: systemClock,
  });
  shutdown.add(() => engine.close());
  const ipc = bindIpc(engine.router, engine.events, () => windows().map((window) => window.webContents));
  shutdown.add(async () => ipc.close());
  const mainWindow = openMainWindow({ dataFolder, preloadFile: built('preload/index.cjs'), log });
  shutdown.add(async () => mainWindow.saveState());
  // Its progress and its failure are events, shown by the page.
  if (sample) engine.startSampleDatabase().catch((error) => log.error({ err: error }, 'no sample'));
}

function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}

// A terminal that was closed takes no more words; that must not be taken for a failure.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
try {
  // All of this comes before the app is ready. The instance lock is scoped to userData, so that is first.
  app.enableSandbox();
  registerAppScheme();
  const { dataFolder, sample } = readArguments(process.argv.slice(1), process.env, process.cwd());
  nameFolder(dataFolder ?? defaultDataFolder());
  if (app.requestSingleInstanceLock()) {
    app.on('second-instance', showFirstWindow);
    app.on('web-contents-created', (_event, contents) => guardNavigation(contents));
    const starting = start(sample);
    shutdown.waitFor(starting);
    starting.catch(fail);
  } else {
    say('Poolscope is already open on this data folder; its window comes to the front.');
    app.exit(0);
  }
} catch (error) {
  fail(error);
}
