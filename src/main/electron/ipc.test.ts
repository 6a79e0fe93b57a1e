import type { WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventBus } from '#engine/base/event-bus.ts';
import type { Router } from '#engine/base/router.ts';
import type { CallContext } from '#shared/contract/define.ts';
import { IpcDouble, PageDouble } from '../../../tests/support/electron-ipc-double.ts';
import type { IpcBinding } from './ipc.ts';

const request = (requestId: string) => ({ kind: 'request', requestId, route: 'app.info', input: {} });

describe('the IPC binding', () => {
  let ipc: IpcDouble;
  let page: PageDouble;
  let binding: IpcBinding;
  let calls: CallContext[];
  const events = createEventBus((error) => {
    throw error;
  });
  /** Answers when its caller has gone. */
  const gone: string[] = [];
  const router: Router = {
    callerGone: (callerId) => void gone.push(callerId),
    dispatch: (_route, _input, context) => {
      calls.push(context);
      return new Promise((resolve) => {
        context.signal.addEventListener('abort', () => resolve({ ok: true, data: 'aborted' }));
      });
    },
  };

  beforeEach(async () => {
    ipc = new IpcDouble();
    page = new PageDouble();
    calls = [];
    vi.resetModules();
    vi.doMock('electron', () => ({ ipcMain: ipc.ipcMain }));
    const { bindIpc } = await import('./ipc.ts');
    binding = bindIpc(router, events, () => [page as unknown as WebContents]);
  });

  afterEach(() => binding.close());

  const ask = (frame: PageDouble['mainFrame'] | null, message: unknown) =>
    ipc.invokeAs(page, frame, 'poolscope:request', message);

  it.each([
    [
      'a page of another origin',
      { url: 'https://evil.example/', origin: 'https://evil.example', parent: null },
    ],
    ['a page whose address only looks like ours', { url: 'app://poolscope/', origin: 'null', parent: null }],
    ['a host of our scheme that is not ours', { url: 'app://other/', origin: 'app://other', parent: null }],
    [
      'a frame embedded in ours',
      {
        url: 'app://poolscope/',
        origin: 'app://poolscope',
        parent: { url: 'app://poolscope/', origin: 'app://poolscope', parent: null },
      },
    ],
    ['a page that has gone', null],
  ])('refuses %s and never reaches the engine', async (_who, frame) => {
    expect(await ask(frame, request('r1'))).toMatchObject({
      ok: false,
      error: { code: 'permission_denied' },
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['text', 'app.info'],
    ['no request id', { kind: 'request', route: 'app.info', input: {} }],
    ['an endless request id', { ...request('x'.repeat(65)) }],
    ['an endless route', { ...request('r1'), route: 'x'.repeat(65) }],
  ])('refuses a message with %s', async (_what, message) => {
    expect(await ask(page.mainFrame, message)).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    expect(calls).toEqual([]);
  });

  it('refuses a second request of the same name while the first is under way', async () => {
    const first = ask(page.mainFrame, request('r1'));
    expect(await ask(page.mainFrame, request('r1'))).toMatchObject({
      ok: false,
      error: { code: 'bad_input' },
    });
    page.emit('destroyed');
    await first;
  });

  it('does not let one page cancel the request of another', async () => {
    const first = ask(page.mainFrame, request('r1'));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    const stranger = new PageDouble();
    ipc.rendererOf(stranger).send('poolscope:cancel', { kind: 'cancel', requestId: 'r1' });
    await Promise.resolve();
    await Promise.resolve();
    expect(calls[0]?.signal.aborted).toBe(false);
    page.emit('destroyed');
    await first;
  });

  it.each(['did-navigate', 'render-process-gone', 'destroyed'])(
    'aborts what is under way on %s, and tells the engine that the page is gone',
    async (event) => {
      gone.length = 0;
      const answer = ask(page.mainFrame, request('r1'));
      await vi.waitFor(() => expect(calls).toHaveLength(1));
      page.emit(event);
      expect(await answer).toEqual({ ok: true, data: 'aborted' });
      expect(gone).toEqual([`window-${page.id}`]);
    },
  );

  it('aborts what is under way when Poolscope quits', async () => {
    const answer = ask(page.mainFrame, request('r1'));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    binding.close();
    expect(await answer).toEqual({ ok: true, data: 'aborted' });
  });

  it('tells the engine one caller id per page', async () => {
    const answers = [ask(page.mainFrame, request('r1')), ask(page.mainFrame, request('r2'))];
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls.map((call) => call.callerId)).toEqual([`window-${page.id}`, `window-${page.id}`]);
    page.emit('destroyed');
    await Promise.all(answers);
  });

  it('tells events to our own pages and to no other', () => {
    const heard = vi.spyOn(page, 'send');
    page.mainFrame = { url: 'https://evil.example/', origin: 'https://evil.example', parent: null };
    events.emit('samples.tick', { atMs: 1, samples: [] });
    expect(heard).not.toHaveBeenCalled();
    page.mainFrame = { url: 'app://poolscope/', origin: 'app://poolscope', parent: null };
    events.emit('samples.tick', { atMs: 2, samples: [] });
    expect(heard).toHaveBeenCalledWith('poolscope:event', {
      kind: 'event',
      event: 'samples.tick',
      payload: { atMs: 2, samples: [] },
    });
  });
});
