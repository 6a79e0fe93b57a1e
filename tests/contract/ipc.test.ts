import type { WebContents } from 'electron';
import { vi } from 'vitest';
import type { Bridge } from '#shared/contract/bridge.ts';
import { IpcDouble, PageDouble } from '../support/electron-ipc-double.ts';
import { type BridgeUnderTest, describeBridge } from './bridge-suite.ts';
import type { ContractEngine } from './contract-engine.ts';

/** The real preload and the real binding in main, with Electron's IPC between them played by a double. */
describeBridge("Electron's IPC", async (engine: ContractEngine): Promise<BridgeUnderTest> => {
  const ipc = new IpcDouble();
  const page = new PageDouble();
  const exposed = new Map<string, unknown>();
  vi.resetModules();
  vi.doMock('electron', () => ({
    ipcMain: ipc.ipcMain,
    ipcRenderer: ipc.rendererOf(page),
    contextBridge: { exposeInMainWorld: (key: string, api: unknown) => void exposed.set(key, api) },
  }));
  const { bindIpc } = await import('../../src/main/electron/ipc.ts');
  const binding = bindIpc(engine.router, engine.events, () => [page as unknown as WebContents]);
  await import('../../src/preload/index.ts');
  return {
    bridge: exposed.get('poolscope') as Bridge,
    async close() {
      page.emit('destroyed');
      binding.close();
    },
  };
});
