import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope, ErrorCode } from '#shared/contract/errors.ts';
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

const failure = (code: ErrorCode, message: string, remedy: string): Envelope<never> => ({
  ok: false,
  error: { code, message, details: { remedy } },
});

/** Whether IPC can carry it; `invoke` rejects alike for that and for a main process that is going away. */
function isCloneable(message: ClientMessage): boolean {
  try {
    structuredClone(message);
    return true;
  } catch {
    return false;
  }
}

const bridge = {
  shell: 'electron',
  async request(route, input, requestId) {
    const message: ClientMessage = { kind: 'request', requestId, route, input };
    if (!isCloneable(message)) {
      const remedy = 'Reload the window, then try again.';
      return failure('bad_input', 'The request holds something that cannot be sent.', remedy);
    }
    try {
      return await ipcRenderer.invoke('poolscope:request', message);
    } catch {
      // Main answers every request, also those it refuses; a rejection means that it serves no more.
      return failure('connection_lost', 'Poolscope is closing.', 'Start it again.');
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
