import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, test as base } from '@playwright/test';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { AppUnderTest } from './app-under-test.ts';
import { chromiumLaunch } from './chromium.ts';
import { reasonNotToRun, type ShellName } from './environment.ts';
import { electronDriver } from './shells/electron.ts';
import { standInDriver } from './shells/electron-stand-in.ts';
import type { ShellDriver } from './shells/shell.ts';
import { webDriver } from './shells/web.ts';

/** Chosen by the project; see playwright.config.ts. */
export interface ProjectOptions {
  shell: ShellName;
}

interface WorkerFixtures extends ProjectOptions {
  /** The browser of the web shell; started by the first test that needs it. */
  openBrowser: () => Promise<Browser>;
  /** A real PostgreSQL server, shared by the tests of one worker. Leave it running. */
  server: TestServer;
}

interface TestFixtures {
  /** `test.use({ sample: true })` starts with the sample database. */
  sample: boolean;
  /** Added to the environment of the program. */
  environment: Record<string, string>;
  skipWhereImpossible: undefined;
  app: AppUnderTest;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  shell: ['web', { option: true, scope: 'worker' }],
  sample: [false, { option: true }],
  environment: [{}, { option: true }],

  skipWhereImpossible: [
    async ({ shell }, use, testInfo) => {
      const reason = reasonNotToRun(shell);
      testInfo.skip(reason !== null, reason ?? '');
      await use(undefined);
    },
    { auto: true },
  ],

  openBrowser: [
    async ({ playwright }, use) => {
      let browser: Promise<Browser> | null = null;
      await use(() => {
        browser ??= playwright.chromium.launch(chromiumLaunch());
        return browser;
      });
      await (browser as Promise<Browser> | null)?.then((opened) => opened.close());
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ shell }, use) => {
      // Every test of this worker will be skipped: no need for a server.
      if (reasonNotToRun(shell) !== null) return use(undefined as unknown as TestServer);
      const server = await startTestServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  app: async ({ shell, sample, environment, openBrowser }, use, testInfo) => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'poolscope-e2e-')));
    // As root the sample server runs under another account, which must be able to pass.
    await chmod(folder, 0o711);
    const dataFolder = path.join(folder, 'data');
    const saveFolder = path.join(folder, 'saved');
    const openFolder = path.join(folder, 'to-open');
    await mkdir(saveFolder);
    await mkdir(openFolder);
    const drivers: Record<ShellName, ShellDriver> = {
      web: webDriver(openBrowser),
      'electron-stand-in': standInDriver,
      electron: electronDriver,
    };
    const app = new AppUnderTest(shell, drivers[shell], {
      ...{ dataFolder, saveFolder, openFolder, sample, environment },
    });
    try {
      await app.start();
      await use(app);
      await app.stop();
    } finally {
      await app.kill();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('what Poolscope printed', { body: app.logs, contentType: 'text/plain' });
      }
      await rm(folder, { recursive: true, force: true });
    }
  },
});

export { expect } from '@playwright/test';
