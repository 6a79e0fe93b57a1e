import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProfileChange } from '#engine/profiles/index.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import {
  configFor,
  noConsoles,
  nothingSaved,
  sessionsOf,
  startSilentServer,
} from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { createEventBus } from '../base/event-bus.ts';
import { silentLogger } from '../base/log.ts';
import type { ConnectionConfig } from './metered-pool.ts';
import { createPools, type Pools } from './pools.ts';

let server: TestServer;

type Profile = ProfileChange['profile'];
const opened: Pools[] = [];

/** The pools room on profiles that the test can change. */
function setUp(overrides: Partial<ProfileDraft> = {}, ids = ['a'], config: ConnectionConfig = {}) {
  const draft = server.draft({
    healthTimeoutMs: 1000,
    waitTimeoutMs: 2000,
    applicationName: 'pool',
    ...overrides,
  });
  const profiles = new Map<string, Profile>(
    ids.map((profileId) => [profileId, { ...draft, profileId, kind: 'user' }]),
  );
  const secrets = { password: server.password };
  const statuses: PoolStatus[] = [];
  const ticks: { atMs: number; samples: PoolSample[] }[] = [];
  const events = createEventBus((error) => {
    throw error;
  });
  events.on('pools.changed', (status) => statuses.push(status));
  events.on('samples.tick', (tick) => ticks.push(tick));
  const getProfile = (profileId: string) => {
    const profile = profiles.get(profileId);
    if (profile === undefined) throw new EngineError('not_found', 'There is no such connection.');
    return profile;
  };
  const pools = createPools({
    events,
    log: silentLogger(),
    clock: systemClock,
    listProfiles: () => [...profiles.values()],
    getProfile,
    ...noConsoles,
    ...nothingSaved,
    async connectionConfig(profileId) {
      const { host, port, user, database, applicationName } = getProfile(profileId);
      const { password } = secrets;
      return configFor(server, {
        host,
        port,
        user,
        database,
        password: () => password,
        application_name: applicationName,
        ...config,
      });
    },
  });
  opened.push(pools);
  const change = (profileId: string, changes: Partial<ProfileDraft>) => {
    const previous = getProfile(profileId);
    const profile = { ...previous, ...changes };
    profiles.set(profileId, profile);
    return pools.profileChanged({ kind: 'updated', profile, previous, passwordChanged: false });
  };
  return { pools, profiles, secrets, statuses, ticks, change };
}

const context = { callerId: 'test', signal: new AbortController().signal };

beforeAll(async () => {
  server = await startTestServer({ settings: { max_connections: '12' } });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pools) => pools.closeEverything(500)));
});
afterAll(() => server.stop());

describe('opening a pool', () => {
  it('opens the minimum, tells each step, and leaves nothing behind when closed', async () => {
    const { pools, statuses } = setUp({ min: 3 });
    const status = await pools.open('a');
    expect(status).toMatchObject({
      state: 'open',
      error: null,
      health: { state: 'healthy', consecutiveFailures: 0 },
    });
    expect(status.openedAtMs).not.toBeNull();
    await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(3));
    expect(await pools.close('a')).toMatchObject({ state: 'closed', error: null, openedAtMs: null });
    expect(statuses.map(({ state }) => state)).toEqual(['opening', 'open', 'closing', 'closed']);
    await vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));
    expect(() => pools.poolOf('a')).toThrow('The pool is closed.');
  });

  it.each<[string, { password?: string; user?: string; database?: string }, string]>([
    ['a wrong password', { password: 'wrong' }, 'auth_failed'],
    ['an unknown user', { user: 'nobody here' }, 'auth_failed'],
    ['an unknown database', { database: 'nowhere' }, 'database_not_found'],
  ])('stays closed and says why after %s', async (_, { password, ...target }, code) => {
    const { pools, secrets } = setUp(target);
    if (password !== undefined) secrets.password = password;
    expect(await pools.open('a')).toMatchObject({ state: 'closed', error: { code } });
    expect(pools.statusOf('a')).toMatchObject({ state: 'closed', error: { code } });
    expect(await sessionsOf(server)).toEqual([]);
  });

  it('succeeds after a password was mended, and forgets the old error', async () => {
    const { pools, secrets } = setUp();
    secrets.password = 'wrong';
    await pools.open('a');
    secrets.password = server.password;
    expect(await pools.open('a')).toMatchObject({ state: 'open', error: null });
  });

  it('stays closed when the server declines the TLS that is demanded', async () => {
    const { pools } = setUp({}, ['a'], { ssl: { rejectUnauthorized: false } });
    expect(await pools.open('a')).toMatchObject({ state: 'closed', error: { code: 'tls_failed' } });
  });

  it('is open but unhealthy while the server is down, and mends itself when it comes', async () => {
    const { pools, statuses } = setUp({ min: 2 });
    await server.kill();
    const status = await pools.open('a');
    expect(status).toMatchObject({
      state: 'open',
      error: null,
      health: { state: 'unhealthy', lastError: { code: 'connection_refused' } },
    });
    await server.start();
    await vi.waitFor(() => expect(pools.statusOf('a').health.state).toBe('healthy'), 10_000);
    expect(statuses.at(-1)).toMatchObject({ state: 'open', health: { state: 'healthy' } });
    await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(2));
  });

  it('is open but unhealthy while the server is full, and mends itself when there is room', async () => {
    const { pools } = setUp({ user: 'guest' });
    await server.admin((admin) =>
      admin.query("CREATE ROLE guest LOGIN PASSWORD 'test password 7' CONNECTION LIMIT 0"),
    );
    expect(await pools.open('a')).toMatchObject({
      state: 'open',
      health: { state: 'unhealthy', lastError: { code: 'too_many_connections' } },
    });
    await server.admin((admin) => admin.query('ALTER ROLE guest CONNECTION LIMIT 1'));
    await vi.waitFor(() => expect(pools.statusOf('a').health.state).toBe('healthy'), 5000);
  });

  it('does not hold a caller up longer than the health check when the server says nothing', async () => {
    const silent = await startSilentServer();
    const { pools } = setUp({ port: silent.port, healthTimeoutMs: 100 });
    const status = await pools.open('a');
    expect(status).toMatchObject({
      state: 'open',
      health: { state: 'unhealthy', lastError: { code: 'connect_timeout' } },
    });
    await pools.closeEverything(500);
    await silent.stop();
  });

  it('refuses a profile that does not exist', async () => {
    await expect(setUp().pools.open('zzz')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('serves a call to all', async () => {
    const { pools } = setUp({}, ['a', 'b', 'c']);
    const statuses = await pools.handlers['pools.openAll']({}, context);
    expect(statuses.map(({ profileId, state }) => [profileId, state])).toEqual([
      ['a', 'open'],
      ['b', 'open'],
      ['c', 'open'],
    ]);
    expect(await pools.handlers['pools.list']({}, context)).toMatchObject(
      statuses.map(({ state }) => ({ state })),
    );
    await pools.handlers['pools.closeAll']({}, context);
    expect(await sessionsOf(server)).toEqual([]);
  });
});

describe('the last wish about a pool', () => {
  it('wins over those before it', async () => {
    const { pools } = setUp();
    const results = await Promise.all([pools.open('a'), pools.close('a'), pools.open('a')]);
    expect(results.at(-1)).toMatchObject({ state: 'open', health: { state: 'healthy' } });
    const [closed] = await Promise.all([pools.close('a'), pools.open('a'), pools.close('a')]);
    expect(closed).toMatchObject({ state: 'closed' });
    await vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));
  });

  it('ends an opening that would take long', async () => {
    const silent = await startSilentServer();
    const { pools } = setUp({ port: silent.port, healthTimeoutMs: 60_000, waitTimeoutMs: 60_000 });
    const opening = pools.open('a');
    expect(pools.statusOf('a').state).toBe('opening');
    expect(() => pools.poolOf('a')).toThrow('still opening');
    await pools.close('a');
    expect(await opening).toMatchObject({ state: 'closed', error: null });
    await silent.stop();
  });
});

describe('a pool whose profile changes', () => {
  it('is opened anew with the new settings', async () => {
    const { pools, change } = setUp({ applicationName: 'before' });
    await pools.open('a');
    await change('a', { applicationName: 'after', max: 3 });
    await vi.waitFor(() => expect(pools.statusOf('a').state).toBe('open'));
    expect(pools.poolOf('a').settings.max).toBe(3);
    await vi.waitFor(async () => expect(await sessionsOf(server, 'before')).toEqual([]));
    expect(await sessionsOf(server, 'after')).toHaveLength(1);
  });

  it('is left alone when only its name changes', async () => {
    const { pools, change } = setUp();
    await pools.open('a');
    const pool = pools.poolOf('a');
    await change('a', { name: 'renamed' });
    expect(pools.poolOf('a')).toBe(pool);
  });

  it('stays closed when it was closed', async () => {
    const { pools, change } = setUp();
    await change('a', { max: 3 });
    expect(pools.statusOf('a').state).toBe('closed');
  });

  it('cannot be opened again while it closes because the profile is being deleted, nor after', async () => {
    const { pools, profiles } = setUp({ min: 2 }, ['a', 'b']);
    await pools.open('a');
    const profile = profiles.get('a') as Profile;
    const told = { kind: 'deleted', profile, previous: profile, passwordChanged: false } as const;
    const deleting = pools.profileChanged(told);
    const opening = expect(pools.open('a')).rejects.toMatchObject({ code: 'not_found' });
    const all = pools.handlers['pools.openAll']({}, context);
    await opening;
    await deleting;
    // The list of profiles is changed only now; until it is, the profile stands in it.
    await expect(pools.open('a')).rejects.toMatchObject({ code: 'not_found' });
    expect((await all).map(({ state }) => state)).toEqual(['closing', 'open']);
    expect(await pools.handlers['pools.openAll']({}, context)).toMatchObject([
      { state: 'closed' },
      { state: 'open' },
    ]);
    profiles.delete('a');
    await pools.close('b');
    await vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));
  });

  it('cannot be opened for the first time while the profile is being deleted', async () => {
    const { pools, profiles } = setUp();
    const profile = profiles.get('a') as Profile;
    await pools.profileChanged({ kind: 'deleted', profile, previous: profile, passwordChanged: false });
    await expect(pools.open('a')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['restored', 'updated'] as const)(
    'opens again when the profile is %s after its deletion, if it was open then',
    async (kind) => {
      const { pools, profiles } = setUp({}, ['a', 'b']);
      await pools.open('a');
      for (const id of ['a', 'b']) {
        const profile = profiles.get(id) as Profile;
        await pools.profileChanged({ kind: 'deleted', profile, previous: null, passwordChanged: false });
        await pools.profileChanged({ kind, profile, previous: profile, passwordChanged: false });
      }
      await vi.waitFor(() => expect(pools.statusOf('a').state).toBe('open'));
      expect(pools.statusOf('b').state).toBe('closed');
      expect(await pools.open('b')).toMatchObject({ state: 'open' });
    },
  );

  it('is closed when the profile is deleted', async () => {
    const { pools, profiles } = setUp();
    await pools.open('a');
    const profile = profiles.get('a') as Profile;
    profiles.delete('a');
    await pools.profileChanged({ kind: 'deleted', profile, previous: profile, passwordChanged: false });
    expect(await sessionsOf(server)).toEqual([]);
    expect(pools.statusOf('a').state).toBe('closed');
  });
});

describe('closing everything', () => {
  it('leaves no session, with a client out and a statement running, and opens nothing afterwards', async () => {
    const { pools } = setUp({ min: 2 }, ['a', 'b']);
    await pools.handlers['pools.openAll']({}, context);
    const client = await pools.poolOf('a').connect();
    const running = expect(client.query('SELECT pg_sleep(600)')).rejects.toThrow();
    await pools.poolOf('b').connect();
    await pools.closeEverything(800);
    await running;
    await vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));
    await expect(pools.open('a')).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('samples', () => {
  it('come as one batch a second for all open pools, with the true interval', async () => {
    const { pools, ticks } = setUp({}, ['a', 'b', 'c']);
    await pools.open('a');
    await pools.open('b');
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(3), 6000);
    const last = ticks.at(-1);
    expect(last?.samples.map(({ profileId }) => profileId)).toEqual(['a', 'b']);
    for (const sample of last?.samples ?? []) {
      expect(sample.intervalMs).toBeGreaterThan(400);
      expect(sample.idle).toBe(1);
    }
    const checks = ticks.flatMap(({ samples }) => samples.flatMap(({ healthCheck }) => healthCheck ?? []));
    expect(checks.length).toBeGreaterThanOrEqual(2);
    await pools.handlers['pools.closeAll']({}, context);
    const seen = ticks.length;
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(ticks).toHaveLength(seen);
  });
});
