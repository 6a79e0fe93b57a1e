import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let engine: TestEngine;

beforeAll(async () => {
  server = await startTestServer();
  engine = await startTestEngine();
});
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

it("a run keeps to its own limit, not to its profile's query timeout, and its connection stays good", async () => {
  // The limit is far below the time the statement needs, and above what our own short statements do.
  const profileId = await engine.opened(server.draft({ max: 1, queryTimeoutMs: 3000 }), server.password);
  const run = (text: string) =>
    engine.call('query.run', {
      ...{ runId: randomUUID(), profileId, transactionId: null, text, parameters: [] },
      ...{ mode: 'readOnly', timeoutMs: 60_000, rowLimit: null },
    });
  expect((await run('select pg_sleep(4)')).run).toMatchObject({ state: 'done' });
  expect((await run('select 1')).run).toMatchObject({ state: 'done' });
});
