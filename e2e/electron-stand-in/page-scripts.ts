import { createCloneCodec } from './clone-codec.ts';
import { createContextLink } from './context-link.ts';

/** The world the preload runs in; Electron's own name for it. */
export const preloadWorld = 'Electron Isolated Context';
/** Names inside the preload's world; the page cannot see them. */
export const bindingName = '__standInSend';
export const deliverName = '__standInDeliver';

/** What the preload's world sends to main through the binding. */
export type PageMessage =
  | { does: 'invoke'; id: number; channel: string; args: string }
  | { does: 'send'; channel: string; args: string };

/** What main delivers into the preload's world. */
export type MainMessage =
  | { does: 'answer'; id: number; ok: boolean; value: string }
  | { does: 'event'; channel: string; args: string };

/** Runs in the page's own world before any script of the page. Self-contained: see `toString()` below. */
function installPageEnd(outgoing: string, incoming: string, createLink: typeof createContextLink): void {
  const world = globalThis as unknown as { top: unknown; window: unknown };
  if (world.top !== world.window) return;
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  createLink(outgoing, incoming, (key, api) => {
    Object.defineProperty(globalThis, key, {
      value: freeze(api),
      enumerable: true,
      writable: false,
      configurable: false,
    });
  });
}

interface PreloadOptions {
  outgoing: string;
  incoming: string;
  binding: string;
  deliver: string;
}

/** Runs in the preload's world: builds `electron` for it, then runs the bundle as CommonJS. Self-contained. */
function installPreloadEnd(
  options: PreloadOptions,
  createLink: typeof createContextLink,
  createCodec: typeof createCloneCodec,
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
): void {
  const world = globalThis as unknown as { top: unknown; window: unknown } & Record<
    string,
    (text: string) => void
  >;
  if (world.top !== world.window) return;
  const codec = createCodec();
  const link = createLink(options.outgoing, options.incoming, () => {});
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, ((event: Electron.IpcRendererEvent, ...args: unknown[]) => void)[]>();
  let lastId = 0;

  const post = (message: PageMessage) => world[options.binding]?.(JSON.stringify(message));
  world[options.deliver] = (text) => {
    const message = JSON.parse(text) as MainMessage;
    if (message.does === 'event') {
      const args = codec.decode(message.args) as unknown[];
      for (const listener of [...(listeners.get(message.channel) ?? [])])
        listener({ sender: ipcRenderer } as unknown as Electron.IpcRendererEvent, ...args);
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    const value = codec.decode(message.value);
    if (message.ok) request?.resolve(value);
    else request?.reject(new Error(value as string));
  };

  const ipcRenderer = {
    async invoke(channel: string, ...args: unknown[]) {
      lastId += 1;
      const id = lastId;
      const text = codec.encode(args);
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        post({ does: 'invoke', id, channel, args: text });
      });
    },
    send(channel: string, ...args: unknown[]) {
      post({ does: 'send', channel, args: codec.encode(args) });
    },
    on(
      channel: string,
      listener: (event: Electron.IpcRendererEvent, ...args: unknown[]) => void,
    ): Electron.IpcRenderer {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer as unknown as Electron.IpcRenderer;
    },
  } satisfies Pick<Electron.IpcRenderer, 'invoke' | 'send' | 'on'>;
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => link.expose(key, api),
  } satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>;

  const module = { exports: {} };
  const requireElectron = (name: string) => {
    if (name === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };
  preload(requireElectron, module, module.exports);
}

/** The two scripts that turn a Chromium page into one with a preload, in the order they must run. */
export function pageScripts(preloadSource: string, secret: string): { page: string; preload: string } {
  const toPage = `stand-in-to-page-${secret}`;
  const toPreload = `stand-in-to-preload-${secret}`;
  const options: PreloadOptions = {
    outgoing: toPage,
    incoming: toPreload,
    binding: bindingName,
    deliver: deliverName,
  };
  const page = `(${installPageEnd})(${JSON.stringify(toPreload)}, ${JSON.stringify(toPage)}, ${createContextLink})`;
  const preload =
    `(${installPreloadEnd})(${JSON.stringify(options)}, ${createContextLink}, ${createCloneCodec},` +
    ` (function (require, module, exports) {\n${preloadSource}\n}))`;
  return { page, preload };
}
