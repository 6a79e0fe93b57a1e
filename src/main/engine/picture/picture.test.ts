import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BackendNode, ClientNode, JoinedPicture, PoolNode, ServerNode } from '#shared/model/picture.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pooler: TestPooler;
let app: TestEngine;
let console: string;
const clients: pg.Client[] = [];
const running: Promise<unknown>[] = [];

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  await server.admin(async (client) => {
    await client.query('create table stock (id int primary key, left_over int)');
    await client.query('insert into stock values (1, 10)');
  });
});
beforeEach(async () => {
  pooler = await startTestPooler(server, {
    databases: { app: 'postgres' },
    settings: { default_pool_size: '2' },
  });
  app = await startTestEngine();
  console = await app.opened(pooler.draft(), pooler.password);
});
afterEach(async () => {
  await server.admin((client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    ),
  );
  await app.close();
  await pooler.stop();
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})));
  await Promise.all(running.splice(0));
});
afterAll(() => server?.stop());

async function client(name: string, database = 'app') {
  const opened = await pooler.client(database, name);
  clients.push(opened);
  return opened;
}

/** Goes on in the background; how it ends does not matter. */
function start(query: Promise<unknown>) {
  running.push(query.catch(() => {}));
}

const update = 'update stock set left_over = left_over - 1 where id = 1';

/** Service A holds a row lock idle in transaction; clients of service B queue up behind it. */
async function incident() {
  const billing = await client('billing');
  await billing.query('begin');
  await billing.query(update);
  const { rows } = await billing.query('select pg_backend_pid() as pid');
  for (let index = 0; index < 4; index += 1) start((await client(`shop ${index}`)).query(update));
  await eventually(
    async () => (await pooler.console('SHOW POOLS')).find((row) => row.database === 'app')?.cl_waiting,
  ).toBe(3);
  return { billing, pid: rows[0].pid as number };
}

const node = <Kind extends JoinedPicture['nodes'][number]['kind']>(
  picture: JoinedPicture,
  kind: Kind,
  id: string | null | undefined,
) => picture.nodes.find((candidate) => candidate.kind === kind && candidate.id === id);

describe('the joined picture', () => {
  it('leads from a client that waits in the pooler to the transaction that holds everything up', async () => {
    const database = await app.opened(server.draft({ name: 'prod' }), server.password);
    const { pid } = await incident();
    const picture = await app.call('picture.get', { profileId: console });
    expect(picture.unknowns).toEqual([]);
    expect(picture.servers).toMatchObject([
      { serverProfileId: database, match: 'hostAndPort', sight: 'known', problem: null },
    ]);

    // First click: the client that has waited longest.
    const [row] = picture.rows;
    const waiting = node(picture, 'client', row?.clientId) as ClientNode;
    expect(waiting).toMatchObject({ state: 'waiting', applicationName: expect.stringMatching(/^shop/) });
    // Second click: the end of its path.
    const culprit = node(picture, 'backend', row?.culpritId) as BackendNode;
    expect(culprit).toMatchObject({
      ...{ pid, state: 'idleInTransaction', applicationName: 'billing', serverProfileId: database },
      ...{ isPooled: true, query: expect.stringContaining('pg_backend_pid') },
    });
    const kinds = row?.path.map((id) => picture.nodes.find((candidate) => candidate.id === id)?.kind);
    expect(kinds?.slice(0, 3)).toEqual(['client', 'pool', 'server']);
    expect(kinds?.at(-1)).toBe('backend');
    expect(row?.path.at(-1)).toBe(culprit.id);
    expect(row?.unknown).toBeNull();

    const pool = node(picture, 'pool', row?.poolId) as PoolNode;
    expect(pool).toMatchObject({
      clWaiting: 3,
      svActive: 2,
      poolSize: 2,
      isExhausted: true,
      omittedClients: 0,
    });
    expect(pool.culprits).toMatchObject([{ nodeId: culprit.id, reason: 'lock', serverConnections: 2 }]);
    expect(pool.culprits[0]?.sentence).toMatch(
      new RegExp(
        `^pid ${pid} \\(billing\\) is idle in transaction for .*; its locks hold 2 of 2 server connections`,
      ),
    );

    // What the pooler told agrees with the server: the linked client's connection is that backend.
    const blocked = picture.edges.find(({ kind }) => kind === 'blockedBy');
    expect(blocked?.to).toBe(culprit.id);
    const pids = picture.nodes.flatMap((candidate) =>
      candidate.kind === 'server' ? [(candidate as ServerNode).remotePid] : [],
    );
    const truth = await server.admin((admin) =>
      admin.query("select pid from pg_stat_activity where application_name ~ '^(shop|billing)'"),
    );
    expect(pids.sort()).toEqual(truth.rows.map((row) => row.pid).sort());

    // Ending it clears the way.
    const preview = await app.call('sessions.previewAction', {
      profileId: culprit.serverProfileId,
      action: 'terminate',
      target: {
        kind: 'session',
        session: { pid: culprit.pid, backendStartUs: culprit.backendStartUs ?? 0 },
      },
    });
    await app.call('sessions.act', {
      ...{ profileId: culprit.serverProfileId, previewId: preview.previewId, confirmation: null },
    });
    await eventually(async () => (await app.call('picture.get', { profileId: console })).rows.length).toBe(0);
  });

  it('keeps no more clients than it is asked for, and counts the others', async () => {
    await app.opened(server.draft(), server.password);
    await incident();
    const picture = await app.call('picture.get', { profileId: console, maxClients: 2 });
    expect(picture.rows).toHaveLength(2);
    expect(picture.nodes.filter(({ kind }) => kind === 'client')).toHaveLength(2);
    expect(picture.nodes.find(({ kind }) => kind === 'pool')).toMatchObject({ omittedClients: 3 });
  });

  it('says what it cannot see: no profile, a closed one, one that may not look', async () => {
    await incident();
    const [unmatched] = (await app.call('picture.get', { profileId: console })).rows;
    expect(unmatched).toMatchObject({ culpritId: null, backendId: null });
    expect(unmatched?.unknown).toContain(`No connection leads to 127.0.0.1 port ${server.port}`);

    await server.admin((admin) => admin.query("create role plain login password 'plain'"));
    const profileId = await app.opened(server.draft({ name: 'plain', user: 'plain' }), 'plain');
    const limited = await app.call('picture.get', { profileId: console });
    expect(limited.unknowns).toEqual([expect.stringContaining('GRANT pg_monitor TO')]);
    expect(limited.nodes.filter(({ kind }) => kind === 'backend')).toContainEqual(
      expect.objectContaining({ state: 'unknown', query: null, stateAgeMs: null }),
    );

    await app.call('pools.close', { profileId });
    const closed = await app.call('picture.get', { profileId: console });
    expect(closed.servers).toMatchObject([{ sight: 'closed', match: 'hostAndPort' }]);
    expect(closed.unknowns).toEqual([expect.stringMatching(/^Connect "plain" to see/)]);
  });

  it('is seen through the open connection whose role sees all, whichever was opened first', async () => {
    await incident();
    await server.admin((admin) => admin.query("create role short_sighted login password 'plain'"));
    const limited = { user: 'short_sighted', database: 'postgres' };
    const elsewhere = await app.opened(
      server.draft({ ...limited, name: 'limited, by name', host: 'localhost' }),
      'plain',
    );
    await app.opened(server.draft({ ...limited, name: 'limited' }), 'plain');
    const alone = await app.call('picture.get', { profileId: console });
    expect(alone.unknowns).toEqual([expect.stringContaining('GRANT pg_monitor TO')]);
    // Another database than the pooler's: sight weighs more.
    const full = await app.opened(server.draft({ name: 'full', database: 'template1' }), server.password);
    const together = await app.call('picture.get', { profileId: console });
    expect(together.unknowns).toEqual([]);
    expect(together.servers).toMatchObject([{ match: 'hostAndPort', sight: 'known' }]);
    expect(together.rows[0]?.culpritId).not.toBeNull();
    await app.call('pools.close', { profileId: full });
    // What the user chose stands, however little it sees.
    const [{ host, port } = { host: null, port: null }] = together.servers;
    await app.call('picture.chooseServer', {
      ...{ profileId: console, host, port, serverProfileId: elsewhere },
    });
    const chosen = await app.call('picture.get', { profileId: console });
    expect(chosen.servers).toMatchObject([{ match: 'chosen', serverProfileId: elsewhere }]);
    expect(chosen.unknowns).toEqual([expect.stringContaining('GRANT pg_monitor TO')]);
  });

  it('goes by what the user chose, and remembers it; another server is not mistaken for this one', async () => {
    const other = await startTestServer({ version: 15 });
    try {
      const wrong = await app.opened(other.draft({ name: 'elsewhere' }), other.password);
      await incident();
      const [found] = await app.call('picture.servers', { profileId: console });
      expect(found).toMatchObject({ match: 'none', serverProfileId: null, candidates: [] });
      const { host, port } = found ?? { host: null, port: null };
      const choice = { profileId: console, host, port };
      expect(await app.call('picture.chooseServer', { ...choice, serverProfileId: wrong })).toMatchObject([
        { match: 'chosen', serverProfileId: wrong, sight: 'known' },
      ]);
      const picture = await app.call('picture.get', { profileId: console });
      expect(picture.nodes.filter(({ kind }) => kind === 'backend')).toEqual([]);
      expect(picture.rows[0]?.unknown).toBeTruthy();
      await app.close({ keepFolder: true });
      app = await startTestEngine(app.dataFolder);
      const again = { password: { kind: 'set', value: pooler.password } } as const;
      await app.call('profiles.update', { profileId: console, draft: pooler.draft(), ...again });
      await app.call('pools.open', { profileId: console });
      expect(await app.call('picture.servers', { profileId: console })).toMatchObject([{ match: 'chosen' }]);
      expect(await app.call('picture.chooseServer', { ...choice, serverProfileId: null })).toMatchObject([
        { match: 'none' },
      ]);
    } finally {
      await other.stop();
    }
  });

  it('names a prepared transaction as the end of the path', async () => {
    const able = await startTestServer({ version: 15, settings: { max_prepared_transactions: '5' } });
    const front = await startTestPooler(able, {
      databases: { app: 'postgres' },
      settings: { default_pool_size: '1' },
    });
    try {
      await able.admin(async (admin) => {
        await admin.query('create table stock (id int primary key, left_over int)');
        await admin.query('insert into stock values (1, 1)');
        await admin.query(`begin; ${update}; prepare transaction 'order 17'`);
      });
      await app.opened(able.draft(), able.password);
      const profileId = await app.opened(front.draft(), front.password);
      const blocked = await front.client('app', 'shop');
      clients.push(blocked);
      start(blocked.query(update));
      await eventually(async () =>
        (await app.call('picture.get', { profileId })).rows[0]?.path.at(-1),
      ).toMatch(/^prepared:/);
      const picture = await app.call('picture.get', { profileId });
      expect(picture.nodes.find(({ kind }) => kind === 'preparedTransaction')).toMatchObject({
        label: expect.stringContaining('"order 17"'),
      });
      await able.admin((admin) => admin.query("rollback prepared 'order 17'"));
    } finally {
      await front.stop();
      await able.stop();
    }
  });
});
