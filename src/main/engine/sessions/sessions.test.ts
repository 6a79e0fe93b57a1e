import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { blockingForest } from '#shared/model/sessions/blocking.ts';
import { nextSessionList, type SessionList } from '#shared/model/sessions/session-list.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../tests/support/postgres-server.ts';
import {
  clientsOf,
  openSessions,
  profileOn,
  type SessionsUnderTest,
  untilBlocked,
} from '../../../../tests/support/sessions.ts';

const monitors = async (server: TestServer): Promise<number[]> => {
  const text = "SELECT pid FROM pg_stat_activity WHERE application_name = 'Poolscope monitor'";
  const { rows } = await server.admin((client) => client.query<{ pid: number }>(text));
  return rows.map(({ pid }) => pid);
};

describe.each(testedVersions())('sessions of PostgreSQL %i', (version) => {
  let server: TestServer;
  let clients: ReturnType<typeof clientsOf>;
  let tested: SessionsUnderTest;
  beforeAll(async () => {
    const settings = { max_prepared_transactions: '5', max_connections: '30' };
    server = await startTestServer({ version, settings });
    await server.admin(async (client) => {
      await client.query('CREATE TABLE orders (id int PRIMARY KEY, total int)');
      await client.query('INSERT INTO orders VALUES (1, 0), (2, 0)');
      await client.query("CREATE ROLE billing LOGIN PASSWORD 'pw' CONNECTION LIMIT 5");
      await client.query("CREATE ROLE clerk LOGIN PASSWORD 'pw'");
      await client.query('GRANT ALL ON orders TO billing, clerk');
    });
    clients = clientsOf(server);
  });
  afterEach(async () => {
    await tested?.close();
    await clients.end();
  });
  afterAll(() => server.stop());

  it('are listed with application, user, state and statement, and without the watcher', async () => {
    const busy = await clients.connect('shop', { user: 'billing', password: 'pw' });
    const idle = await clients.connect('shop');
    await busy.query('BEGIN');
    await busy.query('SELECT 42 AS answer');
    await idle.query('SELECT 1');
    tested = await openSessions([profileOn(server)]);
    const sample = await tested.sample();
    const clientSessions = sample.list.filter(({ kind }) => kind === 'client');
    expect(clientSessions.map(({ pid }) => pid).sort()).toEqual([busy.pid, idle.pid].sort());
    expect(sample.list.find(({ pid }) => pid === busy.pid)).toMatchObject({
      application: 'shop',
      user: 'billing',
      database: 'postgres',
      state: 'idleInTransaction',
      query: 'SELECT 42 AS answer',
      clientAddress: '127.0.0.1',
      visible: true,
    });
    expect(sample.point).toMatchObject({ clients: 2, blocked: 0, full: true });
    expect(sample.point.states).toMatchObject({ idle: 1, idleInTransaction: 1, active: 0, unknown: 0 });
    expect(sample.point.groups.application).toEqual([['shop', 2]]);
    expect(sample.point.idleInTransactionMs).toBeGreaterThanOrEqual(0);
    expect(sample.list.some(({ kind }) => kind === 'background')).toBe(true);
    expect(await monitors(server)).toHaveLength(1);
  });

  it('are counted against the limits of the server, its reserved slots, and a role', async () => {
    await clients.connect('shop', { user: 'billing', password: 'pw' });
    tested = await openSessions([profileOn(server)]);
    const { limits } = await tested.sample();
    expect(limits).toMatchObject({
      maxConnections: 30,
      superuserReserved: 3,
      usable: 27,
      taken: 2,
      left: 25,
    });
    expect(limits.roles).toEqual([{ name: 'billing', limit: 5, taken: 1 }]);
  });

  it('come as differences that add up to the whole', async () => {
    tested = await openSessions([profileOn(server)]);
    const client = await clients.connect('shop');
    tested.watch();
    await tested.sample();
    let list: SessionList | null = null;
    const snapshot = await tested.sessions.handlers['sessions.snapshot']({ profileId: 'a' }, tested.context);
    if (snapshot !== null) list = nextSessionList(list, snapshot);
    const from = tested.heard('sessions.sample').length;
    await client.query('BEGIN');
    await client.query('SELECT 7');
    const second = await clients.connect('stock');
    await tested.sample();
    await client.query('ROLLBACK');
    await second.end();
    await vi.waitFor(async () => {
      const { list: now } = await tested.sample();
      expect(now.some(({ application }) => application === 'stock')).toBe(false);
    });
    for (const sample of tested.heard('sessions.sample').slice(from)) {
      expect(sample.basedOn).not.toBeNull();
      list = nextSessionList(list, sample) ?? list;
    }
    const whole = await tested.sessions.handlers['sessions.snapshot']({ profileId: 'a' }, tested.context);
    const expected = whole === null ? null : nextSessionList(null, whole);
    expect(list?.sample.sequence).toBe(expected?.sample.sequence);
    const byPid = (of: SessionList | null) =>
      [...(of?.sessions.values() ?? [])].sort((a, b) => a.pid - b.pid);
    expect(byPid(list)).toEqual(byPid(expected));
    expect(byPid(list).find(({ pid }) => pid === client.pid)?.query).toBe('ROLLBACK');
  });

  it('of two profiles of one server are seen over one connection', async () => {
    tested = await openSessions([profileOn(server, 'a'), profileOn(server, 'b', { database: 'template1' })]);
    tested.watch('a');
    tested.watch('b');
    await tested.sample('a');
    await tested.sample('b');
    expect(await monitors(server)).toHaveLength(1);
    const status = await tested.sessions.handlers['sessions.status']({ profileId: 'b' }, tested.context);
    expect(status).toMatchObject({
      state: 'watching',
      pace: 'live',
      profileIds: ['a', 'b'],
      viaProfileId: 'a',
    });
  });

  it('that block one another three deep form a tree under the one that waits for nobody', async () => {
    const [a, b, c] = [await clients.connect('A'), await clients.connect('B'), await clients.connect('C')];
    await a.query('BEGIN; UPDATE orders SET total = 1 WHERE id = 1');
    await b.query('BEGIN; UPDATE orders SET total = 2 WHERE id = 2');
    const waits = [b.query('UPDATE orders SET total = 2 WHERE id = 1')];
    await untilBlocked(server, 1);
    waits.push(c.query('UPDATE orders SET total = 3 WHERE id = 2'));
    await untilBlocked(server, 2);
    tested = await openSessions([profileOn(server)]);
    const sample = await tested.sample();
    const [root, ...others] = blockingForest(sample.blocking);
    expect(others).toEqual([]);
    expect(root).toMatchObject({ key: `pid:${a.pid}`, heldUp: 2, depth: 0 });
    expect(root?.children).toMatchObject([
      { key: `pid:${b.pid}`, depth: 1, children: [{ key: `pid:${c.pid}`, depth: 2, children: [] }] },
    ]);
    expect(sample.blocking.blocked.find(({ pid }) => pid === c.pid)).toMatchObject({
      lockType: 'transactionid',
      lockMode: 'ShareLock',
    });
    expect(sample.roundTrips).toBe(2);
    expect(sample.point.blocked).toBe(2);
    await a.query('ROLLBACK');
    await waits[0];
    await b.query('ROLLBACK');
    await waits[1];
    expect((await tested.sample()).roundTrips).toBe(1);
  });

  it('held up by a prepared transaction are told its name', async () => {
    const [a, b] = [await clients.connect('A'), await clients.connect('B')];
    await a.query('BEGIN; UPDATE orders SET total = 1 WHERE id = 1');
    await a.query("PREPARE TRANSACTION 'invoice 7'");
    await b.query("BEGIN; UPDATE orders SET total = 1 WHERE id = 2; PREPARE TRANSACTION 'innocent'");
    const waits = b.query('UPDATE orders SET total = 2 WHERE id = 1');
    await untilBlocked(server, 1);
    tested = await openSessions([profileOn(server)]);
    const { blocking } = await tested.sample();
    expect(blocking.blocked).toMatchObject([
      { pid: b.pid, blockers: [{ kind: 'prepared', gid: 'invoice 7' }] },
    ]);
    expect(blocking.prepared.map(({ gid }) => gid)).toContain('invoice 7');
    await a.query("ROLLBACK PREPARED 'invoice 7'");
    await waits;
    await a.query("ROLLBACK PREPARED 'innocent'");
  });

  it('are seen again after the watcher was terminated, over one new connection', async () => {
    tested = await openSessions([profileOn(server)]);
    tested.watch();
    await tested.sample();
    const before = await monitors(server);
    await server.admin((client) => client.query('SELECT pg_terminate_backend($1)', [before[0]]));
    await vi.waitFor(() => {
      const waiting = tested.heard('sessions.status').find(({ state }) => state === 'waiting');
      expect(waiting?.error?.code).toBe('connection_lost');
      expect(waiting?.nextTryAtMs).not.toBeNull();
    });
    const known = await tested.sessions.handlers['sessions.snapshot']({ profileId: 'a' }, tested.context);
    expect(known).not.toBeNull();
    await vi.waitFor(
      () => expect(tested.heard('sessions.status').at(-1)).toMatchObject({ state: 'watching', error: null }),
      { timeout: 10_000 },
    );
    const after = await monitors(server);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  it('stay on screen with their age while a full server refuses the watcher', async () => {
    await server.admin((client) =>
      client.query("CREATE ROLE watcher LOGIN PASSWORD 'pw' IN ROLE pg_monitor"),
    );
    tested = await openSessions([profileOn(server, 'a', { user: 'watcher' }, 'pw')]);
    tested.watch();
    await tested.sample();
    const [monitor] = await monitors(server);
    const crowd = Array.from({ length: 26 }, () => clients.connect('crowd'));
    await Promise.all(crowd);
    await server.admin((client) => client.query('SELECT pg_terminate_backend($1)', [monitor]));
    await Promise.all([clients.connect('crowd'), clients.connect('crowd')]);
    await vi.waitFor(
      () => {
        const status = tested.heard('sessions.status').at(-1);
        expect(status?.state).toBe('waiting');
        expect(status?.error?.code).toBe('too_many_connections');
        expect(status?.lastSampleAtMs).not.toBeNull();
        expect(status?.sight?.mayUseReservedSlots).toBe(false);
      },
      { timeout: 15_000 },
    );
    await clients.end();
    await vi.waitFor(() => tested.sample(), { timeout: 10_000 });
    await tested.close();
    await server.admin((client) => client.query('DROP ROLE watcher'));
  });

  it('hidden from the role count as unknown, with the grant that shows them', async () => {
    const other = await clients.connect('shop', { user: 'billing', password: 'pw' });
    await other.query('BEGIN');
    tested = await openSessions([profileOn(server, 'a', { user: 'clerk' }, 'pw')]);
    const own = await clients.connect('mine', { user: 'clerk', password: 'pw' });
    const sample = await tested.sample();
    expect(sample.list.find(({ pid }) => pid === other.pid)).toMatchObject({
      application: 'shop',
      user: 'billing',
      kind: 'client',
      state: 'unknown',
      visible: false,
      backendStartUs: null,
      stateChangeMs: null,
      query: null,
    });
    expect(sample.list.find(({ pid }) => pid === own.pid)).toMatchObject({ state: 'idle', visible: true });
    expect(sample.point).toMatchObject({ clients: 2, full: false, idleInTransactionMs: null });
    expect(sample.point.states).toMatchObject({ unknown: 1, idle: 1 });
    expect(sample.limits.taken).toBe(3);
    const status = await tested.sessions.handlers['sessions.status']({ profileId: 'a' }, tested.context);
    expect(status.sight).toMatchObject({
      full: false,
      sightGrant: 'GRANT pg_monitor TO "clerk"',
      maySignal: false,
      signalGrant: 'GRANT pg_signal_backend TO "clerk"',
    });
    // And the grant does mend it.
    await server.admin((client) => client.query(status.sight?.sightGrant ?? ''));
    await tested.close();
    tested = await openSessions([profileOn(server, 'a', { user: 'clerk' }, 'pw')]);
    const mended = await tested.sample();
    expect(mended.list.find(({ pid }) => pid === other.pid)).toMatchObject({ state: 'idleInTransaction' });
    await server.admin((client) => client.query('REVOKE pg_monitor FROM clerk'));
  });

  it('that wait for a lock are found even where their waits are hidden', async () => {
    const [a, b] = [await clients.connect('A'), await clients.connect('B')];
    await a.query('BEGIN; UPDATE orders SET total = 1 WHERE id = 1');
    const waits = b.query('UPDATE orders SET total = 2 WHERE id = 1');
    await untilBlocked(server, 1);
    tested = await openSessions([profileOn(server, 'a', { user: 'clerk' }, 'pw')]);
    const { blocking } = await tested.sample();
    expect(blocking.blocked).toMatchObject([{ pid: b.pid, blockers: [{ kind: 'session', pid: a.pid }] }]);
    await a.query('ROLLBACK');
    await waits;
  });

  it('are watched by a role that sees them, when another profile of the server has one', async () => {
    tested = await openSessions([
      profileOn(server, 'blind', { user: 'clerk' }, 'pw'),
      profileOn(server, 'seeing'),
    ]);
    tested.watch('blind');
    tested.watch('seeing');
    await vi.waitFor(
      () =>
        expect(tested.heard('sessions.status').at(-1)).toMatchObject({
          viaProfileId: 'seeing',
          sight: { full: true },
        }),
      { timeout: 10_000 },
    );
    expect(await monitors(server)).toHaveLength(1);
  });

  it('have their whole statement on demand', async () => {
    const long = `SELECT ${Array.from({ length: 60 }, (_, i) => `${i} AS column_${i}`).join(', ')}`;
    const huge = `SELECT '${'x'.repeat(5000)}'`;
    const [one, two] = [await clients.connect('shop'), await clients.connect('shop')];
    await one.query(long);
    await two.query(huge);
    tested = await openSessions([profileOn(server)]);
    const { list } = await tested.sample();
    const ask = async (pid: number) => {
      const session = list.find((candidate) => candidate.pid === pid);
      expect(session?.query).toHaveLength(200);
      return await tested.sessions.handlers['sessions.queryText'](
        { profileId: 'a', session: { pid, backendStartUs: session?.backendStartUs ?? 0 } },
        tested.context,
      );
    };
    expect(await ask(one.pid)).toEqual({ query: long, mayBeCut: long.length >= 1023 });
    expect(await ask(two.pid)).toMatchObject({ mayBeCut: true });
    const gone = { profileId: 'a', session: { pid: one.pid, backendStartUs: 1 } };
    await expect(tested.sessions.handlers['sessions.queryText'](gone, tested.context)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('count commits by the true length of the interval', async () => {
    const client = await clients.connect('shop');
    tested = await openSessions([profileOn(server)]);
    expect((await tested.sample()).point.rates.commitsPerS).toBeNull();
    const countOf = async () => {
      await client.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await client.query<{ n: number }>(
        'SELECT sum(xact_commit)::float8 AS n FROM pg_stat_database',
      );
      return rows[0]?.n ?? 0;
    };
    const before = await countOf();
    for (let i = 0; i < 200; i += 1) await client.query('SELECT 1');
    // The server's backends report their counts a second late at most.
    await vi.waitFor(async () => expect(await countOf()).toBeGreaterThan(before + 150), { timeout: 15_000 });
    const { databases, point, intervalMs } = await tested.sample();
    const commits = ((point.rates.commitsPerS ?? 0) * (intervalMs ?? 0)) / 1000;
    expect(commits).toBeGreaterThan(150);
    expect(databases.find(({ database }) => database === 'postgres')?.commitsPerS).toBeGreaterThan(0);
    await server.admin((admin) => admin.query('SELECT pg_stat_reset()'));
    await vi.waitFor(async () => expect((await countOf()) < before).toBe(true), { timeout: 5000 });
    const reset = await tested.sample();
    const rate = reset.databases.find(({ database }) => database === 'postgres')?.commitsPerS;
    expect(rate === null || (rate ?? -1) >= 0).toBe(true);
  });

  it('leave nothing behind when nobody looks any more and Poolscope quits', async () => {
    tested = await openSessions([profileOn(server)]);
    tested.watch();
    await tested.sample();
    await tested.close();
    await vi.waitFor(async () => expect(await monitors(server)).toEqual([]));
  });
});
