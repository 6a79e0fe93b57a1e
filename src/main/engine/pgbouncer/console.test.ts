import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cellOf, columnOf, rowsOf } from '#shared/model/console-table.ts';
import { everyPool, type PoolScope } from '#shared/model/pooler-point.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { type Freezable, startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pooler: TestPooler & Freezable;
let app: TestEngine;

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  pooler = await startTestPooler(server, { databases: { app: 'postgres', 'My-Db': 'postgres' } });
});
beforeEach(async () => {
  app = await startTestEngine();
});
afterEach(() => app.close());
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

const healthy = async (profileId: string) =>
  (await app.call('pools.list', {})).find((status) => status.profileId === profileId)?.health.state;

describe('a profile that leads to a console', () => {
  it('is known for one by itself, opens as one, and asks no SELECT of it', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const [status] = await app.call('pools.list', {});
    expect(status).toMatchObject({
      profileId,
      state: 'open',
      target: 'console',
      health: { state: 'healthy' },
    });
    expect(await app.call('pgbouncer.overview', { profileId })).toMatchObject({
      status: { product: 'pgbouncer', version: '1.18.0', rights: 'admin', connected: true, user: 'boss' },
      tick: { clients: 0, maxClients: 100, intervalMs: null },
    });
    expect(await app.failure('names.table', { profileId })).toMatchObject({
      code: 'not_supported',
      message: "This is a pooler's console, not a database.",
    });
    const clients = await pooler.console('SHOW CLIENTS');
    expect(clients.filter((client) => client.application_name === 'Poolscope')).toHaveLength(1);
  });

  it('is left alone once it is closed', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    await app.call('pools.close', { profileId });
    const clients = await pooler.console('SHOW CLIENTS');
    expect(clients.filter((client) => client.application_name === 'Poolscope')).toEqual([]);
    expect(await app.failure('pgbouncer.overview', { profileId })).toMatchObject({ code: 'pool_closed' });
  });

  it('says so when the user may not enter', async () => {
    const profileId = await app.opened(pooler.draft({ user: pooler.nobody }), pooler.password);
    const [status] = await app.call('pools.list', {});
    expect(status).toMatchObject({
      profileId,
      state: 'closed',
      error: { code: 'permission_denied', message: 'The user "nobody" may not use the pooler\'s console.' },
    });
  });

  it('lets a stats user look, and tells what it may not', async () => {
    const profileId = await app.opened(pooler.draft({ user: pooler.looker }), pooler.password);
    const { status } = await app.call('pgbouncer.overview', { profileId });
    expect(status.rights).toBe('stats');
    const command = { kind: 'reload' as const };
    const plan = await app.call('pgbouncer.explain', { profileId, command });
    expect(plan.refusal).toMatchObject({ code: 'permission_denied' });
    expect(await app.failure('pgbouncer.run', { profileId, command })).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('"looker" may only look'),
    });
  });

  it('becomes healthy by itself when the pooler comes back', async () => {
    const profileId = await app.opened(pooler.draft({ healthIntervalMs: 1000 }), pooler.password);
    await pooler.kill();
    await eventually(() => healthy(profileId)).toBe('unhealthy');
    expect((await app.call('pgbouncer.overview', { profileId })).status).toMatchObject({
      connected: false,
      error: { code: expect.stringMatching(/connection_(lost|refused)/) },
    });
    const downSinceMs = Date.now();
    await pooler.start();
    await eventually(() => healthy(profileId)).toBe('healthy');
    expect((await app.call('pgbouncer.overview', { profileId })).status.connected).toBe(true);
    // Its totals started anew: nothing before counts.
    const [first] = app.heard('pgbouncer.tick').filter(({ atMs }) => atMs > downSinceMs);
    expect(first?.intervalMs).toBeNull();
  });

  it('is sampled each second while somebody looks, however seldom its health is checked', async () => {
    const profileId = await app.opened(pooler.draft({ healthIntervalMs: 3_600_000 }), pooler.password);
    expect(app.heard('pgbouncer.tick')).toHaveLength(1);
    await app.call('pgbouncer.overview', { profileId });
    await eventually(() => app.heard('pgbouncer.tick').length).toBeGreaterThan(3);
  });

  it('has its past in the history, of all pools and of one', async () => {
    const profileId = await app.opened(pooler.draft({ healthIntervalMs: 1000 }), pooler.password);
    const client = await pooler.client('postgres');
    await client.query('select 1');
    await eventually(() => app.heard('pgbouncer.tick').at(-1)?.pools.length).toBeGreaterThan(0);
    const past = async (scope: PoolScope) => {
      const span = { fromMs: 0, toMs: 2_000_000_000_000, bucketMs: 86_400_000 * 30_000 };
      return (await app.call('pgbouncer.history', { profileId, scope, ...span })).points.at(-1);
    };
    expect((await past(everyPool))?.busiest.clActive).toBe(1);
    const [pool] = app.heard('pgbouncer.tick').at(-1)?.pools ?? [];
    const scope = { database: pool?.database ?? '', user: pool?.user ?? '' };
    expect((await past(scope))?.busiest.poolSize).toBe(pool?.poolSize);
    expect((await past({ ...scope, user: 'nobody at all' }))?.busiest.clActive ?? null).toBeNull();
    await client.end();
  });

  it('says that a frozen pooler does not answer, and never waits on it twice at once', async () => {
    const profileId = await app.opened(
      pooler.draft({ healthIntervalMs: 1000, healthTimeoutMs: 300 }),
      pooler.password,
    );
    pooler.freeze();
    try {
      await eventually(() => healthy(profileId)).toBe('unhealthy');
    } finally {
      pooler.thaw();
    }
    await eventually(() => healthy(profileId)).toBe('healthy');
    const clients = await pooler.console('SHOW CLIENTS');
    expect(clients.filter((client) => client.application_name === 'Poolscope')).toHaveLength(1);
  });
});

describe('a database that looks like a console', () => {
  it('opens as a database, and says how to reach the console', async () => {
    await server.admin((client) => client.query('create database pgbouncer'));
    const profileId = await app.opened(server.draft({ database: 'pgbouncer' }), server.password);
    const [status] = await app.call('pools.list', {});
    expect(status).toMatchObject({
      state: 'open',
      target: 'database',
      health: { state: expect.stringMatching(/^(healthy|degraded)$/) },
    });
    expect(await app.failure('pgbouncer.overview', { profileId })).toMatchObject({
      code: 'not_supported',
      details: { remedy: expect.stringContaining('the database "pgbouncer"') },
    });
  });

  it('opens as a database through the pooler, too', async () => {
    const draft = pooler.draft({ database: 'app', user: server.user });
    const profileId = await app.opened(draft, server.password);
    const [status] = await app.call('pools.list', {});
    expect(status).toMatchObject({ profileId, state: 'open', target: 'database' });
    expect(await app.failure('pgbouncer.table', { profileId, table: 'pools' })).toMatchObject({
      code: 'not_supported',
      message: '"pooler" leads to a database, not to a pooler\'s console.',
    });
  });
});

describe('tables of a console', () => {
  it('are whole, by the names the pooler gives, and shared by those who ask at once', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const client = await pooler.client('app', 'shop');
    await client.query('select 1');
    const [table, again] = await Promise.all([
      app.call('pgbouncer.table', { profileId, table: 'clients' }),
      app.call('pgbouncer.table', { profileId, table: 'clients' }),
    ]);
    expect(again.atMs).toBe(table.atMs);
    expect(table.columns.map(({ name }) => name)).toEqual(
      Object.keys((await pooler.console('SHOW CLIENTS'))[0] ?? {}),
    );
    const names = columnOf(table, 'application_name');
    const row = rowsOf(table).findIndex((cells) => cells.application_name === 'shop');
    expect(names && cellOf(names, row)).toBe('shop');
    await client.end();
  });

  it('that a version does not have are told as such', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    expect(await app.failure('pgbouncer.table', { profileId, table: 'peers' })).toMatchObject({
      code: 'not_supported',
      message: 'This PgBouncer 1.18.0 has no SHOW PEERS.',
    });
    const { status } = await app.call('pgbouncer.overview', { profileId });
    expect(status.missingTables).toEqual(expect.arrayContaining(['state', 'peers']));
    expect(status.state).toBeNull();
  });
});
