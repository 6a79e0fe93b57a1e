import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright';
import { launchChromium } from './chromium.ts';
import { InstanceLock } from './instance-lock.ts';
import { standInSettings } from './settings.ts';
import { PreventableEvent } from './shape.ts';

const emitter = new EventEmitter();
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const paths = new Map<string, string>([
  ['userData', path.join(tmpdir(), 'poolscope-stand-in')],
  ['downloads', standInSettings.saveFolder ?? tmpdir()],
]);

let browser: Promise<BrowserContext> | null = null;
let lock: InstanceLock | null = null;
let isSandboxEnabled = false;
let isReady = false;
let exiting = false;

/** Windows ask the app for their Chromium; the app asks them to close. Set by browser-window.ts. */
export const windowRegistry = {
  prepare: async (_context: BrowserContext): Promise<void> => {},
  /** False when a window refused to close. */
  closeAll: (): boolean => true,
};

export const theBrowser = (): Promise<BrowserContext> => {
  if (browser === null) throw new Error('The app is not ready: no window can be opened yet.');
  return browser;
};

export const emitApp = (event: string, ...args: unknown[]) => emitter.emit(event, ...args);

const ready = new Promise<void>((resolve) => emitter.once('ready', resolve));

// The entry runs to its end first: it names userData and may leave again.
setImmediate(async () => {
  if (exiting) return;
  if (!isSandboxEnabled)
    throw new Error('The stand-in shows sandboxed pages only: call app.enableSandbox() first.');
  const userData = app.getPath('userData');
  mkdirSync(userData, { recursive: true });
  browser = launchChromium(userData);
  await windowRegistry.prepare(await browser);
  isReady = true;
  emitter.emit('ready');
});

export const app = {
  isPackaged: false,
  enableSandbox() {
    if (isReady) throw new Error('app.enableSandbox() must come before the app is ready');
    isSandboxEnabled = true;
  },
  getVersion: () => manifest.version,
  getAppPath: () => process.cwd(),
  getPath(name) {
    const known = paths.get(name);
    if (known === undefined) throw new Error(`The stand-in has no path named ${name}.`);
    return known;
  },
  setPath(name, location) {
    if (!path.isAbsolute(location)) throw new Error('Path must be absolute');
    if (!existsSync(location)) throw new Error(`Failed to set path: ${location} does not exist`);
    paths.set(name, location);
  },
  requestSingleInstanceLock(): boolean {
    lock = new InstanceLock(app.getPath('userData'));
    return lock.acquire(() => emitter.emit('second-instance', new PreventableEvent(), [], '', undefined));
  },
  whenReady: () => ready,
  on(event: string, listener: (...args: never[]) => void): Electron.App {
    emitter.on(event, listener as (...args: unknown[]) => void);
    return app as unknown as Electron.App;
  },
  setBadgeCount(count = 0): boolean {
    process.stdout.write(`Electron stand-in: badge ${count}\n`);
    return true;
  },
  quit(): void {
    const event = new PreventableEvent();
    emitter.emit('before-quit', event);
    if (event.defaultPrevented || !windowRegistry.closeAll()) return;
    const leaving = new PreventableEvent();
    emitter.emit('will-quit', leaving);
    if (!leaving.defaultPrevented) app.exit(0);
  },
  exit(code = 0): void {
    if (exiting) return;
    exiting = true;
    void endProcess(code);
  },
} satisfies Pick<
  Electron.App,
  | 'isPackaged'
  | 'enableSandbox'
  | 'getVersion'
  | 'getAppPath'
  | 'getPath'
  | 'setPath'
  | 'requestSingleInstanceLock'
  | 'whenReady'
  | 'on'
  | 'setBadgeCount'
  | 'quit'
  | 'exit'
>;

/** Electron takes its renderers with it; so does this. */
async function endProcess(code: number): Promise<void> {
  const context = await browser?.catch(() => null);
  await Promise.race([context?.close(), sleep(2000)]);
  lock?.release();
  process.exit(code);
}
