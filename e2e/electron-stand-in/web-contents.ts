import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Dialog, Page } from 'playwright';
import { fromPageUrl, toPageUrl } from './addresses.ts';
import { createCloneCodec } from './clone-codec.ts';
import { invokeMain, sendToMain } from './ipc-main.ts';
import {
  bindingName,
  deliverName,
  type MainMessage,
  type PageMessage,
  pageScripts,
  preloadWorld,
} from './page-scripts.ts';
import { type OnlyMembersOf, PreventableEvent } from './shape.ts';

const codec = createCloneCodec();
let lastId = 0;

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** The page of one window: a Chromium page whose preload runs in a world of its own. */
export class StandInWebContents
  extends EventEmitter
  implements Pick<Electron.WebContents, 'id' | 'mainFrame'>
{
  readonly id: number;
  readonly #preloadFile: string;
  readonly #attached: Promise<Page>;
  #session: CDPSession | null = null;
  #page: Page | null = null;
  /** The preload's world in the document shown now. */
  #worldId: number | null = null;
  #origin = 'null';
  #mainFrameId = '';
  #destroyed = false;
  #ownNavigation: string | null = null;
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' });

  constructor(page: Promise<Page>, preloadFile: string) {
    super();
    lastId += 1;
    this.id = lastId;
    this.#preloadFile = preloadFile;
    this.#attached = page.then((opened) => this.#attach(opened));
    // A browser that cannot open a page shows in loadURL.
    this.#attached.catch(() => {});
  }

  get mainFrame(): Electron.WebFrameMain {
    const frame = { url: this.getURL(), origin: this.#origin, parent: null };
    return frame satisfies Pick<Electron.WebFrameMain, 'url' | 'origin' | 'parent'> as Electron.WebFrameMain;
  }

  getURL(): string {
    return fromPageUrl(this.#page?.url() ?? '');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#attached;
    this.#ownNavigation = toPageUrl(url);
    await page.goto(this.#ownNavigation, { waitUntil: 'load' });
    this.emit('did-finish-load');
  }

  reload(): void {
    this.#ownNavigation = this.#page?.url() ?? null;
    // The page may go away meanwhile.
    this.#page?.reload().catch(() => {});
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#deliver({ does: 'event', channel, args: codec.encode(args) });
  }

  /** Asked for every navigation of the main frame; ours alone need no leave. */
  #mayNavigate(pageUrl: string): boolean {
    if (pageUrl === this.#ownNavigation) {
      this.#ownNavigation = null;
      return true;
    }
    const url = fromPageUrl(pageUrl);
    const event = Object.assign(new PreventableEvent(), { url, isSameDocument: false, isMainFrame: true });
    this.emit('will-navigate', event);
    return !event.defaultPrevented;
  }

  /** Looks a page up among the open windows. */
  static mayNavigate(contents: StandInWebContents[], page: Page, pageUrl: string): boolean {
    const owner = contents.find((candidate) => candidate.#page === page);
    return owner === undefined || owner.#mayNavigate(pageUrl);
  }

  static owns(contents: StandInWebContents[], page: Page): boolean {
    return contents.some((candidate) => candidate.#page === page);
  }

  async #attach(page: Page): Promise<Page> {
    this.#page = page;
    page.on('close', () => this.#onGone());
    // Another client of this Chromium (the test) may have answered first.
    page.on('dialog', (dialog) => void this.#onDialog(dialog).catch(() => {}));
    page.on('crash', () =>
      this.emit('render-process-gone', new PreventableEvent(), { reason: 'crashed', exitCode: 1 }),
    );
    const session = await page.context().newCDPSession(page);
    this.#session = session;
    session.on('Runtime.executionContextCreated', ({ context }) => this.#onContext(context));
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === bindingName) void this.#onMessage(JSON.parse(payload) as PageMessage, executionContextId);
    });
    session.on('Page.windowOpen', ({ url, windowName }) => this.#onWindowOpen(url, windowName));
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    this.#mainFrameId = (await session.send('Page.getFrameTree')).frameTree.frame.id;
    const scripts = pageScripts(readFileSync(this.#preloadFile, 'utf8'), randomUUID());
    await session.send('Runtime.addBinding', { name: bindingName, executionContextName: preloadWorld });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.page });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: scripts.preload,
      worldName: preloadWorld,
    });
    return page;
  }

  #onContext(context: { id: number; name: string; origin: string; auxData?: Record<string, unknown> }): void {
    if (context.auxData?.frameId !== this.#mainFrameId) return;
    if (context.auxData.isDefault === true) this.#origin = fromPageUrl(context.origin) || 'null';
    if (context.name !== preloadWorld) return;
    // A new document: the first thing it does is to build the preload's world.
    this.#worldId = context.id;
    this.emit('did-navigate', new PreventableEvent(), this.getURL(), 200, 'OK');
  }

  async #onMessage(message: PageMessage, worldId: number): Promise<void> {
    const args = codec.decode(message.args) as unknown[];
    const event = Object.assign(new PreventableEvent(), { sender: this, senderFrame: this.mainFrame });
    if (message.does === 'send') {
      sendToMain(message.channel, event as unknown as Electron.IpcMainEvent, args);
      return;
    }
    let answer: MainMessage;
    try {
      const value = await invokeMain(message.channel, event as unknown as Electron.IpcMainInvokeEvent, args);
      answer = { does: 'answer', id: message.id, ok: true, value: codec.encode(value) };
    } catch (error) {
      answer = { does: 'answer', id: message.id, ok: false, value: codec.encode((error as Error).message) };
    }
    // Another document has no use for it.
    if (worldId === this.#worldId) this.#deliver(answer);
  }

  #deliver(message: MainMessage): void {
    if (this.#destroyed || this.#worldId === null) return;
    const expression = `${deliverName}(${JSON.stringify(JSON.stringify(message))})`;
    // A document that goes away meanwhile takes its world with it.
    this.#session?.send('Runtime.evaluate', { expression, contextId: this.#worldId }).catch(() => {});
  }

  /** A page that refuses to go stays, unless the program overrules it. Electron shows no other dialog of a page's. */
  async #onDialog(dialog: Dialog): Promise<void> {
    if (dialog.type() !== 'beforeunload') return await dialog.dismiss();
    const event = new PreventableEvent();
    this.emit('will-prevent-unload', event);
    if (event.defaultPrevented) await dialog.accept();
    else await dialog.dismiss();
  }

  #onWindowOpen(pageUrl: string, frameName: string): void {
    const details = {
      url: fromPageUrl(pageUrl),
      frameName,
      features: '',
      disposition: 'foreground-tab' as const,
    };
    const { action } = this.#openHandler({ ...details, referrer: { url: '', policy: 'no-referrer' } });
    if (action !== 'deny') throw new Error('The stand-in opens no second window.');
  }

  #onGone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit('destroyed');
  }
}

true satisfies OnlyMembersOf<Electron.WebContents, StandInWebContents>;
