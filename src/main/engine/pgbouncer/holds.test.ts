import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { type Freezable, startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pooler: TestPooler & Freezable;
let app: TestEngine;
let profileId: string;
const clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
});
beforeEach(async () => {
  pooler = await startTestPooler(server, { databases: { app: 'postgres', other: 'postgres' } });
  app = await startTestEngine();
  profileId = await app.opened(
    pooler.draft({ healthIntervalMs: 1000, healthTimeoutMs: 500 }),
    pooler.password,
  );
});
afterEach(async () => {
  pooler.thaw();
  await app.close();
  await pooler.stop();
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})));
});
afterAll(() => server?.stop());

async function connected(database = 'app') {
  const client = await pooler.client(database);
  clients.push(client);
  return client;
}

/** A client whose transaction keeps PAUSE from finishing. */
async function busy(database = 'app') {
  const client = await connected(database);
  await client.query('begin');
  await client.query('select 1');
  return client;
}

/** PgBouncer looks after those who waited through a pause in its own time (server_login_retry). */
const goesOn = (database = 'app') => answers(database, 10_000);

/** Whether a new client is let in and its query answered. */
async function answers(database = 'app', patienceMs = 700): Promise<boolean> {
  const query = connected(database).then(async (client) => {
    await client.query('select 1');
    return true;
  });
  query.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  try {
    return await Promise.race([query, late]);
  } finally {
    clearTimeout(timer);
  }
}

const pausedRow = async (name: string) =>
  Number((await pooler.console('SHOW DATABASES')).find((row) => row.name === name)?.paused);
const overview = () => app.call('pgbouncer.overview', { profileId });
const holds = async () => (await overview()).status.holds;
const pause = (database: string | null, more: { timeoutMs?: number; autoResume?: boolean } = {}) =>
  ({ profileId, command: { kind: 'pause', database, ...more } }) as const;

describe('PAUSE', () => {
  it('holds a database until it is resumed, and shows', async () => {
    await app.call('pgbouncer.run', pause('app'));
    expect(await pausedRow('app')).toBe(1);
    expect(await answers()).toBe(false);
    expect(await goesOn('other')).toBe(true);
    expect(await holds()).toMatchObject([
      { database: 'app', by: 'pause', state: 'paused', autoResume: true, takenBackAtMs: null },
    ]);
    expect((await overview()).tick?.databases.find(({ name }) => name === 'app')?.paused).toBe(true);
    await app.call('pgbouncer.run', { profileId, command: { kind: 'resume', database: 'app' } });
    expect(await holds()).toEqual([]);
    expect(await goesOn()).toBe(true);
  });

  it('of the whole pooler shows, though this version says nothing of it', async () => {
    await app.call('pgbouncer.run', pause(null));
    expect((await overview()).status).toMatchObject({ state: 'paused', holds: [{ database: null }] });
    expect(await answers('other')).toBe(false);
    await app.call('pgbouncer.run', { profileId, command: { kind: 'resume', database: null } });
    expect(await goesOn('other')).toBe(true);
  });

  it.each([
    ['a database', 'app'],
    ['the whole pooler', null],
  ])('of %s that does not finish in time is taken back', async (_what, database) => {
    await busy();
    const failure = await app.failure('pgbouncer.run', pause(database, { timeoutMs: 600 }));
    expect(failure.code).toBe('query_timeout');
    expect(failure.message).toMatch(/did not finish within 0\.6 s.*It was taken back/);
    expect(await holds()).toEqual([]);
    expect(await goesOn()).toBe(true);
    expect(
      app.heard('pgbouncer.changed').flatMap((status) => status.holds.map(({ state }) => state)),
    ).toEqual(expect.arrayContaining(['pausing', 'resuming']));
  });

  it('that waits is ended by RESUME, and by cancelling its request', async () => {
    await busy();
    const waiting = app.failure('pgbouncer.run', pause('app', { timeoutMs: 60_000 }));
    await eventually(() => answers()).toBe(false);
    expect(await holds()).toMatchObject([{ state: 'pausing' }]);
    await app.call('pgbouncer.run', { profileId, command: { kind: 'resume', database: 'app' } });
    expect(await waiting).toMatchObject({ code: 'cancelled', message: expect.stringContaining('RESUME') });
    expect(await goesOn()).toBe(true);

    const cancelling = new AbortController();
    const cancelled = app.call('pgbouncer.run', pause('app', { timeoutMs: 60_000 }), cancelling.signal);
    await eventually(() => pausedRow('app')).toBe(1);
    cancelling.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(holds).toEqual([]);
    expect(await goesOn()).toBe(true);
  });

  it('leaves KILL possible, and both end with one RESUME', async () => {
    const client = await connected();
    await client.query('select 1');
    await app.call('pgbouncer.run', pause('app'));
    await app.call('pgbouncer.run', { profileId, command: { kind: 'kill', database: 'app' } });
    await expect(client.query('select 1')).rejects.toThrow();
    expect(await holds()).toMatchObject([{ database: 'app', by: 'pause', state: 'paused' }]);
    await app.call('pgbouncer.run', { profileId, command: { kind: 'resume', database: 'app' } });
    expect(await goesOn()).toBe(true);
  });

  it('is not given twice', async () => {
    await app.call('pgbouncer.run', pause('app'));
    expect(await app.failure('pgbouncer.run', pause('app'))).toMatchObject({
      message: '"app" is paused by Poolscope already.',
    });
  });
});

describe('what is paused goes on by itself', () => {
  it('when the console is closed', async () => {
    await app.call('pgbouncer.run', pause('app'));
    await app.call('pgbouncer.run', { profileId, command: { kind: 'kill', database: 'other' } });
    expect(await answers('other')).toBe(false);
    await app.call('pools.close', { profileId });
    expect([await goesOn(), await goesOn('other')]).toEqual([true, true]);
  });

  it('when Poolscope quits, in the midst of a PAUSE too', async () => {
    await busy();
    const waiting = app.failure('pgbouncer.run', pause(null, { timeoutMs: 60_000 }));
    await eventually(() => answers('other')).toBe(false);
    await app.engine.close();
    await waiting;
    expect(await goesOn('other')).toBe(true);
  });

  it('when the console is lost, on a connection of its own', async () => {
    await app.call('pgbouncer.run', pause('app'));
    // The console does not answer for a while: its connection is given up.
    pooler.freeze();
    await eventually(async () => (await overview()).status.connected).toBe(false);
    pooler.thaw();
    await eventually(holds).toEqual([]);
    expect(await goesOn()).toBe(true);
    expect(app.heard('history.eventAdded').map(({ text }) => text)).toContain(
      'RESUME app, given by Poolscope itself: the console was lost.',
    );
  });

  it('when the pooler was killed during the PAUSE, and started again', async () => {
    await busy();
    const waiting = app.failure('pgbouncer.run', pause('app', { timeoutMs: 60_000 }));
    await eventually(() => pausedRow('app')).toBe(1);
    await pooler.kill();
    expect(await waiting).toMatchObject({ message: expect.stringContaining('keeps trying') });
    expect(await holds()).toMatchObject([{ state: 'resuming', lastError: { code: 'connection_refused' } }]);
    await pooler.start();
    await eventually(holds).toEqual([]);
    expect(await goesOn()).toBe(true);
  });

  it('at the next run, when this one ends without a word', async () => {
    await app.call('pgbouncer.run', pause('app'));
    const { readFile, writeFile } = await import('node:fs/promises');
    const file = `${app.dataFolder}/pooler-holds.json`;
    const written = await readFile(file, 'utf8');
    await app.close({ keepFolder: true });
    expect(await goesOn()).toBe(true);
    // As a crash would have left it.
    await pooler.console('PAUSE app');
    await writeFile(file, written);
    app = await startTestEngine(app.dataFolder);
    const { notices } = await app.call('app.info', {});
    expect(notices.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Poolscope ended while it held a pooler paused: "pooler".'),
    );
    expect(await answers()).toBe(false);
    await app.call('profiles.update', {
      ...{ profileId, draft: pooler.draft() },
      password: { kind: 'set', value: pooler.password },
    });
    await app.call('pools.open', { profileId });
    await eventually(() => goesOn()).toBe(true);
    await eventually(async () => JSON.parse(await readFile(file, 'utf8')).holds).toEqual([]);
  });
});

describe('what the user wants to stay paused', () => {
  it('stays so when the console is closed, and is known again at the next opening', async () => {
    await app.call('pgbouncer.run', pause('app', { autoResume: false }));
    await app.call('pools.close', { profileId });
    expect(await answers()).toBe(false);
    await app.call('pools.open', { profileId });
    expect(await holds()).toMatchObject([{ database: 'app', state: 'paused', autoResume: false }]);
    await app.call('pgbouncer.keepHold', { profileId, database: 'app', autoResume: true });
    await app.call('pools.close', { profileId });
    expect(await goesOn()).toBe(true);
  });
});
