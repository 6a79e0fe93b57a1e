import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import * as z from 'zod/mini';
import type { EventBus } from '#engine/base/event-bus.ts';
import type { Router } from '#engine/base/router.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import { cancelMessageSchema, requestMessageSchema, type ServerMessage } from '#shared/contract/wire.ts';
import { appOrigin } from './app-origin.ts';

/** One window's requests under way, by the id it gave them. */
type Requests = Map<string, AbortController>;

export interface IpcBinding {
  /** Aborts whatever is under way and takes no more. */
  close(): void;
}

/** The name the engine knows a window's page by. */
export const callerIdOf = (contents: Pick<WebContents, 'id'>) => `window-${contents.id}`;

/**
 * Binds the engine to Electron's IPC: requests and cancels come in, answers go back, events go to
 * every page of ours. Only the main frame of our own origin is served.
 * @param listPages every page that may want to hear events
 */
export function bindIpc(
  router: Router,
  events: Pick<EventBus, 'onAny'>,
  listPages: () => WebContents[],
): IpcBinding {
  const callers = new Map<WebContents, Requests>();

  const requestsOf = (contents: WebContents): Requests => {
    const known = callers.get(contents);
    if (known !== undefined) return known;
    const requests: Requests = new Map();
    callers.set(contents, requests);
    // A page that went elsewhere, reloaded or crashed will never read its answers.
    const callerId = callerIdOf(contents);
    const leave = () => {
      abortAll(requests);
      router.callerGone(callerId);
    };
    contents.on('did-navigate', leave);
    contents.on('render-process-gone', leave);
    contents.once('destroyed', () => {
      leave();
      callers.delete(contents);
    });
    return requests;
  };

  ipcMain.handle('poolscope:request', async (event, message: unknown): Promise<Envelope<unknown>> => {
    if (!isOurs(event))
      return refusal('permission_denied', 'Only the window of Poolscope itself may ask that.');
    const parsed = z.safeParse(requestMessageSchema, message);
    if (!parsed.success) return refusal('bad_input', 'The request is malformed.');
    const { requestId, route, input } = parsed.data;
    const requests = requestsOf(event.sender);
    if (requests.has(requestId)) return refusal('bad_input', 'A request of that name is under way.');
    const controller = new AbortController();
    requests.set(requestId, controller);
    try {
      const context = { callerId: callerIdOf(event.sender), signal: controller.signal };
      return await router.dispatch(route, input, context);
    } finally {
      requests.delete(requestId);
    }
  });

  const onCancel = (event: IpcMainEvent, message: unknown) => {
    const parsed = z.safeParse(cancelMessageSchema, message);
    if (isOurs(event) && parsed.success) callers.get(event.sender)?.get(parsed.data.requestId)?.abort();
  };
  ipcMain.on('poolscope:cancel', onCancel);

  const stopEvents = events.onAny((event, payload) => {
    const message: ServerMessage = { kind: 'event', event, payload };
    for (const contents of listPages()) {
      if (!contents.isDestroyed() && contents.mainFrame.origin === appOrigin) {
        contents.send('poolscope:event', message);
      }
    }
  });

  return {
    close() {
      stopEvents();
      ipcMain.removeHandler('poolscope:request');
      ipcMain.removeListener('poolscope:cancel', onCancel);
      for (const requests of callers.values()) abortAll(requests);
    },
  };
}

/** The frame is null when its page has gone; a frame with a parent is embedded in ours. */
function isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.origin === appOrigin;
}

function abortAll(requests: Requests): void {
  for (const controller of requests.values()) controller.abort();
}

function refusal(code: 'permission_denied' | 'bad_input', message: string): Envelope<never> {
  return { ok: false, error: { code, message, details: {} } };
}
