import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { unknownHealth } from '#shared/model/health.ts';
import { startTestPooler, type TestPooler } from '../../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../../tests/support/postgres-server.ts';
import {
  clientsOf,
  openSessions,
  profileOn,
  type SessionsUnderTest,
} from '../../../../../tests/support/sessions.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLogger } from '../../base/log.ts';
import { ServerWatcher } from './server-watcher.ts';

let server: TestServer;
let tested: SessionsUnderTest;
let clients: ReturnType<typeof clientsOf>;
beforeAll(async () => {
  server = await startTestServer();
  await server.admin((client) => client.query('CREATE DATABASE "second"'));
  clients = clientsOf(server);
});
afterEach(async () => {
  await tested?.close();
  await clients.end();
});
afterAll(() => server.stop());

const monitors = async (): Promise<number> => {
  const text = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'Poolscope monitor'";
  return (await server.admin((client) => client.query(text))).rows.length;
};
const statusOf = (profileId: string) =>
  tested.sessions.handlers['sessions.status']({ profileId }, tested.context);
const poolIs = (profileId: string, state: 'open' | 'closed') =>
  tested.events.emit('pools.changed', {
    profileId,
    state,
    target: 'database',
    openedAtMs: 0,
    error: null,
    health: unknownHealth,
  });

describe('the watching of a server', () => {
  it('costs no connection before anybody wants it', async () => {
    tested = await openSessions([profileOn(server)]);
    expect(await statusOf('a')).toMatchObject({ state: 'off', pace: null, lastSampleAtMs: null });
    poolIs('a', 'open');
    expect(await statusOf('a')).toMatchObject({ state: 'off' });
    expect(await monitors()).toBe(0);
  });

  it('goes on in the background while a pool is open and nobody looks, unless that is switched off', async () => {
    tested = await openSessions([profileOn(server)], { background: true });
    poolIs('a', 'open');
    expect(await statusOf('a')).toMatchObject({ pace: 'background', intervalMs: 5000 });
    const watch = tested.watch();
    await vi.waitFor(() => expect(tested.heard('sessions.sample').length).toBeGreaterThan(0));
    expect(await statusOf('a')).toMatchObject({ state: 'watching', pace: 'live' });
    await watch.stop();
    expect(await statusOf('a')).toMatchObject({ state: 'watching', pace: 'background' });
    const settings = { liveIntervalMs: 2000, background: false, backgroundIntervalMs: 5000 };
    await tested.sessions.handlers['sessions.setSettings'](settings, tested.context);
    expect(await statusOf('a')).toMatchObject({ state: 'off', pace: null });
    expect(tested.heard('sessions.settingsChanged').at(-1)).toEqual(settings);
    // Its last sample stays to be seen.
    expect((await statusOf('a')).lastSampleAtMs).not.toBeNull();
  });

  it('goes through the open connection that sees all from the first sample on', async () => {
    await server.admin((client) => client.query("CREATE ROLE blind LOGIN PASSWORD 'pw'"));
    const blind = profileOn(server, 'blind', { user: 'blind' }, 'pw');
    const closed = profileOn(server, 'closed');
    tested = await openSessions([blind, closed, profileOn(server, 'seeing')]);
    poolIs('blind', 'open');
    await tested.sample('blind');
    expect(await statusOf('blind')).toMatchObject({ sight: { full: false } });
    // One whose pool is closed stays out of it.
    poolIs('seeing', 'open');
    await tested.sample('blind');
    expect(await statusOf('blind')).toMatchObject({ sight: { full: true } });
    expect(tested.points.at(-1)?.profileId).toBe('seeing');
  });

  it('ends with the profile, and what was held open for it with it', async () => {
    tested = await openSessions([profileOn(server)]);
    const { stop } = tested.watch();
    await tested.sample();
    const [profile] = tested.profiles;
    if (profile === undefined) throw new Error('no profile');
    await tested.sessions.profileChanged({ kind: 'deleted', profile });
    await vi.waitFor(async () => expect(await monitors()).toBe(0));
    await stop();
  });

  it('follows a profile that comes to point elsewhere', async () => {
    tested = await openSessions([profileOn(server, 'a', { port: 1 })]);
    tested.watch();
    await vi.waitFor(() =>
      expect(tested.heard('sessions.status').at(-1)?.error?.code).toBe('connection_refused'),
    );
    const [profile] = tested.profiles;
    if (profile === undefined) throw new Error('no profile');
    profile.draft = server.draft();
    await tested.sessions.profileChanged({ kind: 'updated', profile });
    await vi.waitFor(() =>
      expect(tested.heard('sessions.status').at(-1)).toMatchObject({
        serverId: `127.0.0.1:${server.port}`,
        state: 'watching',
      }),
    );
  });

  it('does not try a wrong password again at once', async () => {
    tested = await openSessions([profileOn(server, 'a', {}, 'wrong')]);
    tested.watch();
    await vi.waitFor(() => expect(tested.heard('sessions.status').at(-1)?.error?.code).toBe('auth_failed'));
    const { nextTryAtMs } = await statusOf('a');
    expect((nextTryAtMs ?? 0) - Date.now()).toBeGreaterThan(20_000);
  });
});

describe('a server behind PgBouncer', () => {
  let pooler: TestPooler;
  beforeAll(async () => {
    pooler = await startTestPooler(server, { poolMode: 'transaction' });
  });
  afterAll(() => pooler.stop());

  const through = (profileId: string, database: string) => ({
    ...profileOn(server, profileId, { port: pooler.port, database }),
  });

  it('is watched without leaving limits on sessions that serve others next', async () => {
    tested = await openSessions([through('a', 'postgres')]);
    await clients.connect('shop');
    const { list } = await tested.sample();
    expect(list.map(({ application }) => application)).toContain('shop');
    expect(list.map(({ application }) => application)).not.toContain('Poolscope monitor');
    const client = await pooler.client('postgres');
    const { rows } = await client.query("SELECT current_setting('statement_timeout') AS timeout");
    await client.end();
    expect(rows).toEqual([{ timeout: '0' }]);
  });

  it('is one server for each database, for they may lead to different ones', async () => {
    tested = await openSessions([through('a', 'postgres'), through('b', 'second')]);
    tested.watch('a');
    tested.watch('b');
    await vi.waitFor(
      async () => {
        expect(await statusOf('a')).toMatchObject({
          serverId: `127.0.0.1:${pooler.port}/postgres`,
          state: 'watching',
          server: { behindPooler: true, database: 'postgres' },
        });
        expect(await statusOf('b')).toMatchObject({
          serverId: `127.0.0.1:${pooler.port}/second`,
          server: { database: 'second' },
        });
      },
      { timeout: 10_000 },
    );
  });

  it('whose console is taken for a server is told to be a console, and is not asked again', async () => {
    const profile = { profileId: 'a', draft: pooler.draft(), password: pooler.password };
    tested = await openSessions([profile]);
    tested.watch();
    await vi.waitFor(() => expect(tested.heard('sessions.status').at(-1)?.state).toBe('unsupported'));
    const status = await statusOf('a');
    expect(status.error?.message).toBe('That is the console of PgBouncer, not a PostgreSQL server.');
    expect(status.nextTryAtMs).toBeNull();
  });
});

describe('a reading that is asked for again and again', () => {
  it('does not knock at a server that refuses it more often than the watcher itself would', async () => {
    tested = await openSessions([{ ...profileOn(server), password: 'wrong' }]);
    const first = await tested.sessions.read('a');
    expect(first).toMatchObject({ reading: null, error: { code: 'auth_failed' } });
    const { nextTryAtMs } = await statusOf('a');
    expect(nextTryAtMs).not.toBeNull();
    expect(await tested.sessions.read('a')).toEqual(first);
    expect(await statusOf('a')).toMatchObject({ state: 'waiting', nextTryAtMs });
  });
});

describe('a connection that is lent while nobody looks', () => {
  it('and lost meanwhile leaves nothing in the way of whoever looks next', async () => {
    const { host, port, user, password, database } = server;
    const readings: number[] = [];
    const watcher = new ServerWatcher({
      serverId: 'a',
      clock: systemClock,
      log: silentLogger(),
      settings: () => ({ liveIntervalMs: 1000, background: false, backgroundIntervalMs: 5000 }),
      profileIds: () => ['a'],
      connectConfig: async () => ({ host, port, user, password, database }),
      onStatus: () => {},
      onReading: ({ reading }) => void readings.push(reading.atMs),
      onPoolerFound: () => {},
    });
    const lent = watcher.withLink(null, async (link) => {
      const text = 'SELECT pg_terminate_backend($1)';
      await server.admin((client) => client.query(text, [link.connection.loginPid]));
      await vi.waitFor(() => expect(link.connection.isBroken).toBe(true));
    });
    await lent;
    expect(watcher.status()).toMatchObject({ state: 'off', error: null });
    watcher.setDemand({ live: ['a'], background: [], open: [] });
    await vi.waitFor(() => expect(readings.length).toBeGreaterThan(0));
    await watcher.close();
    expect(await monitors()).toBe(0);
  });
});
