import { EventEmitter } from 'node:events';
import { isAbsolute } from 'node:path';
import type { Frame, Page, Request } from 'playwright';
import { emitApp, theBrowser, windowRegistry } from './app.ts';
import { answerRequests } from './protocol.ts';
import { type OnlyMembersOf, PreventableEvent } from './shape.ts';
import { StandInWebContents } from './web-contents.ts';

const open = new Set<StandInBrowserWindow>();
const contentsOf = new WeakMap<StandInBrowserWindow, StandInWebContents>();
const allContents = () => [...open].flatMap((window) => contentsOf.get(window) ?? []);

/** One window: a page of the headless Chromium that the app started. */
export class StandInBrowserWindow extends EventEmitter {
  readonly webContents: Electron.WebContents;
  readonly #page: Promise<Page>;
  #bounds: Electron.Rectangle;
  #maximized = false;
  #destroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const { preload, contextIsolation, sandbox, nodeIntegration } = options.webPreferences ?? {};
    if (contextIsolation !== true || sandbox !== true || nodeIntegration !== false) {
      throw new Error(
        'Set contextIsolation, sandbox and nodeIntegration outright: the stand-in shows no other page.',
      );
    }
    if (preload === undefined || !isAbsolute(preload)) throw new Error('preload must be an absolute path.');
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#page = firstOrNewPage();
    const contents = new StandInWebContents(this.#page, preload);
    this.webContents = contents as unknown as Electron.WebContents;
    contentsOf.set(this, contents);
    open.add(this);
    this.#page.then((page) => page.setViewportSize({ width, height })).catch(() => {});
    contents.once('did-finish-load', () => this.emit('ready-to-show'));
    contents.once('destroyed', () => this.#onGone());
    emitApp('web-contents-created', new PreventableEvent(), this.webContents);
  }

  static getAllWindows(): StandInBrowserWindow[] {
    return [...open];
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  // A headless window is neither shown nor hidden.
  show(): void {
    this.emit('show');
  }

  hide(): void {
    this.emit('hide');
  }

  focus(): void {
    // A page that is just closing needs no focus.
    this.#page.then((page) => page.bringToFront()).catch(() => {});
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {}

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBackgroundColor(_color: string): void {}

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.#page.then((page) => page.close()).catch(() => {});
  }

  /** The page went away: closed by the user (a test) or with its browser. */
  #onGone(): void {
    this.emit('close', new PreventableEvent());
    this.#destroyed = true;
    open.delete(this);
    this.emit('closed');
    if (open.size === 0) emitApp('window-all-closed');
  }
}

true satisfies OnlyMembersOf<Electron.BrowserWindow, StandInBrowserWindow>;

/** Chromium opens with one blank page; the first window takes it. */
async function firstOrNewPage(): Promise<Page> {
  const context = await theBrowser();
  const [blank] = context.pages();
  return blank !== undefined && open.size <= 1 ? blank : await context.newPage();
}

/** Null for the first request of a page that is just being opened. */
function frameOf(request: Request): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

windowRegistry.prepare = async (context) => {
  await answerRequests(context, (request) => {
    const frame = frameOf(request);
    // A page being opened: setWindowOpenHandler has denied it.
    if (frame === null) return false;
    if (frame.parentFrame() !== null) return true;
    return StandInWebContents.mayNavigate(allContents(), frame.page(), request.url());
  });
  // The same for the blank page it begins as.
  context.on('page', (page) => {
    if (!StandInWebContents.owns(allContents(), page)) page.close().catch(() => {});
  });
};

windowRegistry.closeAll = () => {
  for (const window of open) {
    const event = new PreventableEvent();
    window.emit('close', event);
    if (event.defaultPrevented) return false;
  }
  return true;
};
