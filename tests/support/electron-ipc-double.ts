import { EventEmitter } from 'node:events';

/** What the IPC double tells of one page's main frame; tests change it to play a stranger. */
export interface FrameDouble {
  url: string;
  origin: string;
  parent: FrameDouble | null;
}

type Handler = (event: object, ...args: unknown[]) => unknown;

/** One page, as main sees it. Emits `did-navigate`, `render-process-gone` and `destroyed` when told to. */
export class PageDouble extends EventEmitter {
  static lastId = 0;
  readonly id: number;
  mainFrame: FrameDouble = { url: 'app://poolscope/', origin: 'app://poolscope', parent: null };
  /** What `send` delivered, copied as Electron copies. */
  readonly onSent = new Set<(channel: string, ...args: unknown[]) => void>();

  constructor() {
    super();
    PageDouble.lastId += 1;
    this.id = PageDouble.lastId;
  }

  isDestroyed(): boolean {
    return false;
  }

  send(channel: string, ...args: unknown[]): void {
    const copy = structuredClone(args);
    for (const listener of this.onSent) queueMicrotask(() => listener(channel, ...copy));
  }
}

/**
 * Both ends of Electron's IPC in one process, joined as Electron joins them: everything is copied by
 * structured clone, order is kept, and of what a handler throws only the text comes back.
 */
export class IpcDouble {
  readonly #handlers = new Map<string, Handler>();
  readonly #emitter = new EventEmitter();

  readonly ipcMain = {
    handle: (channel: string, handler: Handler) => void this.#handlers.set(channel, handler),
    removeHandler: (channel: string) => void this.#handlers.delete(channel),
    on: (channel: string, listener: (...args: unknown[]) => void) => this.#emitter.on(channel, listener),
    removeListener: (channel: string, listener: (...args: unknown[]) => void) =>
      this.#emitter.removeListener(channel, listener),
  };

  /** `ipcRenderer` of that page. */
  rendererOf(page: PageDouble) {
    return {
      invoke: async (channel: string, ...args: unknown[]) =>
        this.invokeAs(page, page.mainFrame, channel, ...args),
      send: (channel: string, ...args: unknown[]) => {
        const copy = structuredClone(args);
        queueMicrotask(() =>
          this.#emitter.emit(channel, { sender: page, senderFrame: page.mainFrame }, ...copy),
        );
      },
      on: (channel: string, listener: (event: object, ...args: unknown[]) => void) => {
        page.onSent.add((sentOn, ...args) => {
          if (sentOn === channel) listener({}, ...args);
        });
      },
    };
  }

  /** An `invoke` that main sees come from any frame, or from one that has gone. */
  async invokeAs(page: PageDouble, senderFrame: FrameDouble | null, channel: string, ...args: unknown[]) {
    const copy = structuredClone(args);
    await Promise.resolve();
    const handler = this.#handlers.get(channel);
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return structuredClone(await handler({ sender: page, senderFrame }, ...copy));
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${error}`);
    }
  }
}
