import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeAll(async () => {
  server = await startTestServer();
  engine = await startTestEngine();
}, 60_000);
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

const lastMinutes = () => ({ fromMs: Date.now() - 300_000, toMs: Date.now() });

const run = (profileId: string, text: string) =>
  engine.call('query.run', {
    ...{ runId: randomUUID(), profileId, transactionId: null, text, parameters: [], mode: 'write' },
    ...{ timeoutMs: 60_000, rowLimit: null },
  });

test('while a forgotten transaction holds up the pool, the advice names its session and no size', async () => {
  await server.admin((client) => client.query('CREATE TABLE stock AS SELECT 1 AS id, 0 AS amount'));
  const draft = server.draft({ max: 2, queryWrites: true });
  const profileId = await engine.opened(draft, server.password);
  const billing = new pg.Client({ connectionString: server.url, application_name: 'billing' });
  await billing.connect();
  await billing.query('BEGIN');
  await billing.query('UPDATE stock SET amount = 1');
  const { rows } = await billing.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const runs = [1, 2, 3, 4].map(() => run(profileId, 'UPDATE stock SET amount = amount + 1'));
  const advise = () => engine.call('advisor.advise', { profileId, ...lastMinutes() });
  await eventually(async () => (await advise()).verdict).toBe('idleInTransaction');
  const advice = await advise();
  expect(advice.headline).toContain(`process ${rows[0]?.pid} (billing) is idle in transaction`);
  expect(advice.holders).toMatchObject([{ application: 'billing', holdsUp: 2, isOwn: false }]);
  expect(advice).toMatchObject({ recommended: null, sightGrant: null });
  expect(advice.bound).toMatchObject({ kind: 'server', binds: false });

  await billing.query('COMMIT');
  await Promise.all(runs);
  await billing.end();
  await eventually(async () => (await advise()).verdict).toBe('tooLittleData');
}, 60_000);

test('a role that sees little is told the GRANT that would show who holds its pool up', async () => {
  await server.admin((client) => client.query("CREATE ROLE clerk LOGIN PASSWORD 'clerk'"));
  const alone = await startTestEngine();
  try {
    const profileId = await alone.opened(server.draft({ user: 'clerk' }), 'clerk');
    const advise = () => alone.call('advisor.advise', { profileId, ...lastMinutes() });
    await eventually(async () => (await advise()).sightGrant).toBe('GRANT pg_monitor TO "clerk"');
    expect((await advise()).bound.kind).toBe('server');
  } finally {
    await alone.close();
  }
}, 60_000);

test('a closed pool is advised on its past, and nobody is connected to for that', async () => {
  const profileId = await engine.opened(server.draft({ name: 'closed' }), server.password);
  await eventually(() => engine.heard('samples.tick').length).toBeGreaterThan(1);
  await engine.call('pools.close', { profileId });
  const advice = await engine.call('advisor.advise', { profileId, ...lastMinutes() });
  expect(advice.verdict).toBe('tooLittleData');
  expect(advice.recommended).toBeNull();
});

test('what the user told is remembered for each connection, over restarts', async () => {
  const [profile] = await engine.call('profiles.list', {});
  const profileId = profile?.profileId ?? '';
  const inputs = { targetWaitMs: 50, instances: 3, connectionsPerTask: 2, serverCores: 8 };
  await engine.call('advisor.setInputs', { profileId, inputs });
  const { dataFolder } = engine;
  await engine.close({ keepFolder: true });
  engine = await startTestEngine(dataFolder);
  expect(await engine.call('advisor.inputs', { profileId })).toEqual(inputs);
  const advice = await engine.call('advisor.advise', { profileId, ...lastMinutes() });
  expect(advice).toMatchObject({ inputs, cores: { count: 8, source: 'input' } });
  const wrong = { profileId, inputs: { ...inputs, instances: 0 } };
  expect(await engine.failure('advisor.setInputs', wrong)).toMatchObject({
    code: 'bad_input',
    message: 'Application instances must be a whole number from 1 to 10,000.',
  });
  const backwards = { profileId, fromMs: 2000, toMs: 1000 };
  expect(await engine.failure('advisor.advise', backwards)).toMatchObject({ code: 'bad_input' });
  const tooLong = { profileId, fromMs: 0, toMs: Date.now() };
  expect((await engine.failure('advisor.advise', tooLong)).message).toContain('at most 31 days');
  expect(await engine.failure('advisor.advise', { ...lastMinutes(), profileId: 'gone' })).toMatchObject({
    code: 'not_found',
  });
});
