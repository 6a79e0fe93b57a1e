import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RouteInput } from '#shared/contract/routes.ts';
import { labApplicationName } from '#shared/model/lab.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestPooler } from '../../../../tests/support/pgbouncer.ts';
import { sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let engine: TestEngine;
let profileId: string;
beforeAll(async () => {
  server = await startTestServer({ settings: { max_connections: '30' } });
  engine = await startTestEngine();
  profileId = await engine.opened(
    server.draft({ max: 2, readOnly: true, statementTimeoutMs: 20, connectSql: 'SELECT 1' }),
    server.password,
  );
}, 60_000);
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

const labSessions = () => sessionsOf(server, labApplicationName);

const input = (more: Partial<RouteInput<'lab.run'>> = {}): RouteInput<'lab.run'> => ({
  ...{ runId: randomUUID(), profileId, sizes: [3], seconds: 10 },
  traffic: { kind: 'open', arrivalsPerS: 40, holdMs: 50, holdCs2: 1, arrivalCs2: 1 },
  ...more,
});

test('a run of a read-only connection goes on beside its pool, named on the server, and leaves no trace in its history', async () => {
  const asked = input();
  const answer = engine.call('lab.run', asked);
  await eventually(async () => (await labSessions()).length).toBe(3);
  expect(await engine.failure('lab.run', input())).toMatchObject({
    code: 'not_supported',
    message: 'The Lab checks sizes already, one run at a time.',
  });
  // Holds longer than the profile's statement timeout are held all the same.
  const { results, trouble } = await answer;
  expect(trouble).toBeNull();
  expect(results).toMatchObject([{ size: 3, end: 'complete', timeouts: 0 }]);
  expect(engine.heard('lab.progress').every(({ runId }) => runId === asked.runId)).toBe(true);
  const samples = engine.heard('samples.tick').flatMap((tick) => tick.samples);
  expect(new Set(samples.map((sample) => sample.profileId))).toEqual(new Set([profileId]));
  expect(Math.max(...samples.map(({ max }) => max))).toBe(2);
  await eventually(labSessions).toEqual([]);
}, 60_000);

test('a run that is cancelled closes its connections, and the next one begins as soon as they are', async () => {
  const stop = new AbortController();
  const answer = engine.call('lab.run', input({ sizes: [5, 6] }), stop.signal);
  await eventually(async () => (await labSessions()).length).toBe(5);
  stop.abort();
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  const next = new AbortController();
  const another = engine.call('lab.run', input({ sizes: [4] }), next.signal);
  await eventually(async () => (await labSessions()).length).toBe(4);
  next.abort();
  await expect(another).rejects.toMatchObject({ code: 'cancelled' });
  await eventually(labSessions).toEqual([]);
}, 60_000);

test('a run through a pooler that lends connections by the transaction goes on, and nothing sleeps on behind it once it is cancelled', async () => {
  const pooler = await startTestPooler(server);
  try {
    const draft = server.draft({ name: 'pooled', port: pooler.port, max: 1 });
    const pooled = await engine.opened(draft, server.password);
    const stop = new AbortController();
    const asked = input({ profileId: pooled, sizes: [3] });
    const holds = { ...asked.traffic, arrivalsPerS: 20, holdMs: 1000, holdCs2: 0 } as typeof asked.traffic;
    const answer = engine.call('lab.run', { ...asked, traffic: holds }, stop.signal);
    const sleeping = async () => {
      const text = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(%'";
      return (await server.admin((client) => client.query(text))).rowCount;
    };
    await eventually(sleeping).toBe(3);
    await eventually(() => engine.heard('lab.progress').at(-1)?.requests).toBeGreaterThan(0);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(sleeping).toBe(0);
    await engine.call('pools.close', { profileId: pooled });
  } finally {
    await pooler.stop();
  }
}, 60_000);

test('what there is no room for, or is too much for one machine, is refused before anything is opened', async () => {
  const refusal = await engine.failure('lab.run', input({ sizes: [4, 28] }));
  expect(refusal.code).toBe('too_many_connections');
  expect(refusal.message).toMatch(
    /^The server has \d+ of 27 connections left and 3 must stay free, so the Lab may open \d+; this run needs 28\.$/,
  );
  await server.admin((client) => client.query("CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 8"));
  const few = await engine.opened(server.draft({ name: 'few', user: 'few', max: 1 }), 'few');
  expect((await engine.failure('lab.run', input({ profileId: few, sizes: [6] }))).message).toMatch(
    /^The role has \d of 8 connections left/,
  );
  await engine.call('pools.close', { profileId: few });

  const wild = { kind: 'open' as const, arrivalsPerS: 5000, holdMs: 1, holdCs2: 1, arrivalCs2: 1 };
  expect(await engine.failure('lab.run', input({ traffic: wild }))).toMatchObject({
    code: 'not_supported',
    message: 'The traffic makes 5,000 requests a second; one machine sends 1,000 at their moments.',
  });
  expect((await engine.failure('lab.run', input({ sizes: [1, 2, 3, 4, 5] }))).message).toBe(
    'Choose 1 to 4 different sizes.',
  );
  expect((await engine.failure('lab.run', input({ profileId: few }))).code).toBe('pool_closed');
  expect((await engine.failure('lab.run', input({ profileId: 'gone' }))).code).toBe('not_found');
  expect(await labSessions()).toEqual([]);
}, 60_000);

test('a run ends with its connection, and with Poolscope', async () => {
  const answer = engine.call('lab.run', input());
  await eventually(async () => (await labSessions()).length).toBe(3);
  await engine.call('pools.close', { profileId });
  expect((await answer).trouble).toMatchObject({
    code: 'pool_closed',
    message: 'The connection was closed, and the run with it.',
  });
  await eventually(labSessions).toEqual([]);

  await engine.call('pools.open', { profileId });
  const last = engine.call('lab.run', input());
  await eventually(async () => (await labSessions()).length).toBe(3);
  await engine.close();
  expect((await last).trouble).not.toBeNull();
  await eventually(labSessions).toEqual([]);
}, 60_000);
