import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import { type EventName, eventNames } from '#shared/contract/events.ts';
import type { ClientMessage } from '#shared/contract/wire.ts';

type Listener = (payload: never) => void;

const listeners = new Map<EventName, Set<Listener>>();

const isEventName = (name: unknown): name is EventName => eventNames.includes(name as EventName);

// One subscription for the life of the page; main sends `{ kind: 'event', event, payload }`.
ipcRenderer.on(
  'poolscope:event',
  (_event: IpcRendererEvent, message: { event?: unknown; payload?: unknown }) => {
    if (!isEventName(message.event)) return;
    for (const listener of [...(listeners.get(message.event) ?? [])]) {
      try {
        listener(message.payload as never);
      } catch (error) {
        // One listener that fails must not keep the others from hearing.
        // biome-ignore lint/suspicious/noConsole: the page's console is where its failure belongs
        console.error(error);
      }
    }
  },
);

const bridge = {
  shell: 'electron',
  async request(route, input, requestId) {
    try {
      const message: ClientMessage = { kind: 'request', requestId, route, input };
      return await ipcRenderer.invoke('poolscope:request', message);
    } catch {
      // The input could not be cloned, or the main process is going away.
      return {
        ok: false,
        error: { code: 'bad_input', message: 'The request could not be sent.', details: {} },
      } satisfies Envelope<never>;
    }
  },
  cancel(requestId) {
    const message: ClientMessage = { kind: 'cancel', requestId };
    ipcRenderer.send('poolscope:cancel', message);
  },
  on(event, listener) {
    if (!isEventName(event)) throw new Error('Poolscope knows no event of that name.');
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set);
    // Wrapped, so that the same function subscribed twice is heard twice and removed once.
    const entry: Listener = (payload) => listener(payload);
    set.add(entry);
    return () => void set.delete(entry);
  },
  onLink(listener) {
    // Main and page live and die together, so the link is never lost.
    listener('connected');
    return () => {};
  },
} satisfies Bridge;

contextBridge.exposeInMainWorld('poolscope', bridge);
