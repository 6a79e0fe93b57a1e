import type { WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '#shared/contract/bridge.ts';
import { createContractEngine } from '../../tests/contract/contract-engine.ts';
import { IpcDouble, PageDouble } from '../../tests/support/electron-ipc-double.ts';

let bridge: Bridge;
let binding: { close(): void };

beforeEach(async () => {
  const ipc = new IpcDouble();
  const page = new PageDouble();
  const exposed = new Map<string, unknown>();
  vi.resetModules();
  vi.doMock('electron', () => ({
    ipcMain: ipc.ipcMain,
    ipcRenderer: ipc.rendererOf(page),
    contextBridge: { exposeInMainWorld: (key: string, api: unknown) => void exposed.set(key, api) },
  }));
  const { bindIpc } = await import('../main/electron/ipc.ts');
  const engine = createContractEngine();
  binding = bindIpc(engine.router, engine.events, () => [page as unknown as WebContents]);
  await import('./index.ts');
  bridge = exposed.get('poolscope') as Bridge;
});
afterEach(() => binding.close());

describe('the preload', () => {
  it('says that the link is lost when main serves no more, and not that the input is bad', async () => {
    expect((await bridge.request('app.info', {}, 'r1')).ok).toBe(true);
    binding.close();
    expect(await bridge.request('app.info', {}, 'r2')).toMatchObject({
      ok: false,
      error: { code: 'connection_lost', details: { remedy: expect.any(String) } },
    });
  });

  it('calls input bad that cannot be sent', async () => {
    const input = { profileId: 'p1', schema: 's', name: (() => 'Ann') as unknown as string };
    expect(await bridge.request('names.add', input, 'r1')).toMatchObject({
      ok: false,
      error: { code: 'bad_input', details: { remedy: expect.any(String) } },
    });
  });
});
