import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '#engine/base/log.ts';
import { Downloads } from '../../src/main/web/downloads.ts';
import { startWebServer, type WebServer } from '../../src/main/web/http-server.ts';
import { Uploads } from '../../src/main/web/uploads.ts';
import { type Connect, createSocketBridge } from '../../src/renderer/bridge/socket-bridge.ts';
import { pageConnect, signIn } from '../support/web-page.ts';
import { type BridgeUnderTest, describeBridge } from './bridge-suite.ts';
import type { ContractEngine } from './contract-engine.ts';

describeBridge('a WebSocket', async (engine: ContractEngine): Promise<BridgeUnderTest> => {
  const rendererFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-contract-'));
  await writeFile(path.join(rendererFolder, 'index.html'), '');
  const { router, events } = engine;
  let connect: Connect;
  const listen = async (port: number): Promise<WebServer> => {
    const downloads = new Downloads();
    const started = await startWebServer({
      port,
      rendererFolder,
      router,
      events,
      downloads,
      uploads: new Uploads(),
      log: silentLogger(),
    });
    connect = pageConnect(started.access.origin, await signIn(started.access.url));
    return started;
  };
  let server = await listen(0);
  const { port } = new URL(server.access.origin);
  const bridge = createSocketBridge((listener) => connect(listener));
  let isListening = true;
  return {
    bridge,
    async loseLink() {
      isListening = false;
      await server.close();
    },
    async restoreLink() {
      server = await listen(Number(port));
      isListening = true;
    },
    async close() {
      bridge.close();
      if (isListening) await server.close();
      isListening = false;
      await rm(rendererFolder, { recursive: true, force: true });
    },
  };
});
