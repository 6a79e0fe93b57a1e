import { EventEmitter } from 'node:events';

type InvokeHandler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

const handlers = new Map<string, InvokeHandler>();
const emitter = new EventEmitter();

export const ipcMain = {
  handle(channel: string, listener: InvokeHandler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, listener);
  },
  removeHandler(channel: string): void {
    handlers.delete(channel);
  },
  on(
    channel: string,
    listener: (event: Electron.IpcMainEvent, ...args: unknown[]) => void,
  ): Electron.IpcMain {
    emitter.on(channel, listener);
    return ipcMain as unknown as Electron.IpcMain;
  },
  removeListener(channel: string, listener: (...args: never[]) => void): Electron.IpcMain {
    emitter.removeListener(channel, listener as (...args: unknown[]) => void);
    return ipcMain as unknown as Electron.IpcMain;
  },
} satisfies Pick<Electron.IpcMain, 'handle' | 'removeHandler' | 'on' | 'removeListener'>;

/** A page invoked: rejects, as Electron does, with nothing but the text of what the handler threw. */
export async function invokeMain(
  channel: string,
  event: Electron.IpcMainInvokeEvent,
  args: unknown[],
): Promise<unknown> {
  const handler = handlers.get(channel);
  try {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return await handler(event, ...args);
  } catch (error) {
    throw new Error(`Error invoking remote method '${channel}': ${error}`);
  }
}

export function sendToMain(channel: string, event: Electron.IpcMainEvent, args: unknown[]): void {
  emitter.emit(channel, event, ...args);
}
