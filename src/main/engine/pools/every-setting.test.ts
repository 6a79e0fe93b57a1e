import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../tests/support/eventually.ts';
import { configFor, createLedger, poolFor, sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { EventLog } from './event-log.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';
import type { ConnectionConfig } from './metered-pool.ts';
import type { PoolSettings } from './pool-settings.ts';

let server: TestServer;
const pools: InstrumentedPool[] = [];

function newPool(settings: Partial<PoolSettings> = {}, config: ConnectionConfig = {}) {
  const log = new EventLog(systemClock);
  const pool = poolFor(server, settings, configFor(server, config), log);
  pools.push(pool);
  return { pool, log };
}

const pidOf = (client: PoolClient) => (client as unknown as { processID: number }).processID;
const take = (pool: InstrumentedPool, count: number) =>
  Promise.all(Array.from({ length: count }, () => pool.connect()));
const removals = (log: EventLog) =>
  log
    .all()
    .filter(({ kind }) => kind === 'remove')
    .map(({ reason }) => reason);
const terminate = (pids: number[]) =>
  server.admin((admin) => admin.query('SELECT pg_terminate_backend(unnest($1::int[]))', [pids]));

beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end(400)));
});
afterAll(() => server.stop());

describe('the size of a pool', () => {
  it('grows by the overflow when all are taken, and closes what is more than the maximum on return', async () => {
    const { pool, log } = newPool({ max: 2, overflow: 2 });
    const held = await take(pool, 4);
    expect(await sessionsOf(server)).toHaveLength(4);
    const fifth = pool.connect();
    expect(pool.takeSample(null)).toMatchObject({ used: 4, pending: 1, max: 4 });
    // Somebody waits: the connection is handed on, not closed.
    held.pop()?.release();
    held.push(await fifth);
    expect(removals(log)).toEqual([]);
    for (const client of held) client.release();
    await eventually(() => sessionsOf(server)).toHaveLength(2);
    expect(removals(log)).toEqual(['overflow', 'overflow']);
    expect(pool.takeSample(null)).toMatchObject({ idle: 2, used: 0 });
  });

  it('opens none beyond the maximum without overflow', async () => {
    const { pool } = newPool({ max: 2 });
    const held = await take(pool, 2);
    const third = pool.connect();
    expect(pool.takeSample(null)).toMatchObject({ used: 2, connecting: 0, pending: 1 });
    held[0]?.release();
    (await third).release();
    held[1]?.release();
  });

  it.each(['lifo', 'fifo'] as const)('reuses connections in the order %s', async (reuseOrder) => {
    const { pool } = newPool({ max: 3, reuseOrder });
    const held = await take(pool, 3);
    const pids = held.map(pidOf);
    for (const client of held) client.release();
    const again = await take(pool, 3);
    expect(again.map(pidOf)).toEqual(reuseOrder === 'fifo' ? pids : pids.toReversed());
    for (const client of again) client.release();
  });

  it('serves those who wait at once and in order when it grows, and newcomers after them', async () => {
    const { pool } = newPool({ max: 1 });
    const first = await pool.connect();
    const order: number[] = [];
    const waiting = [1, 2, 3].map((who) =>
      pool.connect().then((client) => {
        order.push(who);
        return client;
      }),
    );
    pool.apply({ ...pool.settings, max: 3 });
    const newcomer = pool.connect().then((client) => {
      order.push(4);
      return client;
    });
    const served = await Promise.all(waiting.slice(0, 2));
    expect(order).toEqual([1, 2]);
    first.release();
    served.push(await (waiting[2] as Promise<PoolClient>));
    served[0]?.release();
    served.push(await newcomer);
    expect(order).toEqual([1, 2, 3, 4]);
    for (const client of served.slice(1)) client.release();
  });

  it('closes those at rest now and those in use as they come back when it shrinks', async () => {
    const { pool, log } = newPool({ max: 4 });
    const [a, b, c, d] = await take(pool, 4);
    a?.release();
    b?.release();
    pool.apply({ ...pool.settings, max: 1 });
    await eventually(() => sessionsOf(server)).toHaveLength(2);
    c?.release();
    await eventually(() => sessionsOf(server)).toHaveLength(1);
    d?.release();
    expect(pool.takeSample(null)).toMatchObject({ idle: 1, used: 0, max: 1 });
    expect(removals(log)).toEqual(['shrunk', 'shrunk', 'shrunk']);
    expect(log.all().filter(({ kind }) => kind === 'resize')).toHaveLength(1);
  });

  it('opens a raised minimum at once, and lets go of one that was lowered', async () => {
    const { pool } = newPool({ max: 5, min: 0, idleTimeoutMs: 300 });
    await pool.query('SELECT 1');
    pool.apply({ ...pool.settings, min: 4, idleTimeoutMs: 0 });
    await eventually(() => sessionsOf(server)).toHaveLength(4);
    pool.apply({ ...pool.settings, min: 1, idleTimeoutMs: 100 });
    await eventually(() => sessionsOf(server)).toHaveLength(1);
  });
});

describe('the life of a connection', () => {
  it('ends before the maximum lifetime by a share of its own, so that not all go at once', async () => {
    const { pool, log } = newPool({
      max: 6,
      maxLifetimeMs: 4000,
      lifetimeJitterPercent: 50,
      idleTimeoutMs: 0,
    });
    for (const client of await take(pool, 6)) client.release();
    await eventually(() => pool.openCount).toBe(0);
    expect(removals(log)).toEqual(Array(6).fill('lifetime'));
    const events = log.all();
    const ages = events
      .filter(({ kind }) => kind === 'remove')
      .map(({ atMs, connectionId }) => {
        const opened = events.find(
          (event) => event.kind === 'connect' && event.connectionId === connectionId,
        );
        return atMs - (opened?.atMs ?? 0);
      });
    expect(Math.min(...ages)).toBeLessThan(3900);
    expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(20);
  });

  it('ends on return when it is over while the connection is held', async () => {
    const { pool, log } = newPool({ max: 1, maxLifetimeMs: 50, lifetimeJitterPercent: 0 });
    const client = await pool.connect();
    await client.query('SELECT pg_sleep(0.1)');
    client.release();
    expect(removals(log)).toEqual(['lifetime']);
  });

  it('ends after the maximum number of uses', async () => {
    const { pool, log } = newPool({ max: 1, maxUses: 3 });
    for (let use = 1; use <= 7; use += 1) await pool.query('SELECT 1');
    expect(removals(log)).toEqual(['max-uses', 'max-uses']);
    expect(createLedger(pool).take()).toMatchObject({ acquired: 7, opened: 3, closed: 2 });
  });

  it('ends at rest after the idle timeout', async () => {
    const { pool, log } = newPool({ max: 2, idleTimeoutMs: 200 });
    await pool.query('SELECT 1');
    await eventually(() => pool.openCount).toBe(0);
    expect(removals(log)).toEqual(['idle']);
  });
});

describe('a connection that comes back', () => {
  const temporary = "SELECT count(*)::int AS n FROM pg_class WHERE relname = 'left_behind'";
  async function leftOver(pool: InstrumentedPool) {
    const shown = await pool.query<{ work_mem: string }>('SHOW work_mem');
    const found = await pool.query<{ n: number }>(temporary);
    return { workMem: shown.rows[0]?.work_mem, temporaryTables: found.rows[0]?.n };
  }
  async function use(pool: InstrumentedPool) {
    const client = await pool.connect({ holder: 'sloppy' });
    await client.query("SET work_mem = '7MB'; CREATE TEMP TABLE left_behind (n int)");
    const pid = pidOf(client);
    client.release();
    return pid;
  }

  it.each([
    ['nothing', { workMem: '7MB', temporaryTables: 1 }],
    ['rollback', { workMem: '7MB', temporaryTables: 1 }],
    ['reset-all', { workMem: '4MB', temporaryTables: 1 }],
    ['discard-all', { workMem: '4MB', temporaryTables: 0 }],
  ] as const)('is reset as the setting "%s" says', async (onRelease, expected) => {
    const { pool } = newPool({ max: 1, onRelease });
    const pid = await use(pool);
    expect(await leftOver(pool)).toEqual(expected);
    const client = await pool.connect();
    expect(pidOf(client)).toBe(pid);
    client.release();
  });

  it('is told again what every new connection is told, and forgets prepared statements', async () => {
    const onConnect = async (client: { query(text: string): Promise<unknown> }) => {
      await client.query("SET work_mem = '9MB'");
    };
    const { pool } = newPool({ max: 1, onRelease: 'discard-all' }, { onConnect } as ConnectionConfig);
    for (const _ of [1, 2]) {
      const client = await pool.connect();
      expect((await client.query('SHOW work_mem')).rows).toEqual([{ work_mem: '9MB' }]);
      await client.query("SET work_mem = '7MB'");
      expect((await client.query({ name: 'two', text: 'SELECT 2 AS two' })).rows).toEqual([{ two: 2 }]);
      client.release();
    }
    expect(createLedger(pool).take()).toMatchObject({ opened: 1, closed: 0 });
  });

  it.each(['rollback', 'reset-all', 'discard-all'] as const)(
    'inside a transaction is rolled back, counted and reported with "%s"',
    async (onRelease) => {
      const { pool, log } = newPool({ max: 1, onRelease });
      const client = await pool.connect({ holder: 'sloppy' });
      await client.query('BEGIN; CREATE TABLE never_committed (n int)');
      const pid = pidOf(client);
      client.release();
      const next = await pool.connect();
      expect(pidOf(next)).toBe(pid);
      expect(next.getTransactionStatus()).toBe('I');
      expect((await next.query("SELECT to_regclass('never_committed') AS found")).rows).toEqual([
        { found: null },
      ]);
      next.release();
      expect(pool.details().totals).toMatchObject({ releasedInTransaction: 1, closed: 0 });
      expect(log.all().find(({ kind }) => kind === 'released-in-transaction')).toMatchObject({
        holder: 'sloppy',
        processId: pid,
      });
    },
  );

  it('inside a transaction is never handed on, but closed, where nothing is to be done to it', async () => {
    const { pool, log } = newPool({ max: 1, onRelease: 'nothing' });
    const client = await pool.connect();
    await client.query('BEGIN');
    const pid = pidOf(client);
    client.release();
    const next = await pool.connect();
    expect(pidOf(next)).not.toBe(pid);
    next.release();
    expect(pool.details().totals).toMatchObject({ releasedInTransaction: 1, opened: 2, closed: 1 });
    expect(removals(log)).toEqual(['reset-failed']);
  });

  it('is caught inside a transaction that its holder began without waiting for it', async () => {
    const { pool } = newPool({ max: 1, onRelease: 'rollback' });
    const client = await pool.connect();
    const begun = client.query('BEGIN');
    client.release();
    await begun;
    const next = await pool.connect();
    expect(next.getTransactionStatus()).toBe('I');
    next.release();
    expect(pool.details().totals.releasedInTransaction).toBe(1);
  });

  it('is neither idle nor used while it is reset, and serves whoever waits afterwards', async () => {
    const opened = [Promise.resolve()];
    const reset = Promise.withResolvers<void>();
    // The first call is of the connection being opened, the others of its resets.
    const onConnect = () => opened.pop() ?? reset.promise;
    const { pool } = newPool({ max: 1, onRelease: 'reset-all', healthTimeoutMs: 60_000 }, {
      onConnect,
    } as ConnectionConfig);
    (await pool.connect()).release();
    const waiting = pool.connect();
    expect(pool.takeSample(null)).toMatchObject({ idle: 0, used: 0, connecting: 1, pending: 1 });
    expect(pool.openCount).toBe(1);
    reset.resolve();
    (await waiting).release();
  });
});

describe('a connection at rest', () => {
  /** Ends sessions so that the pool does not hear of it: their sockets look open, and are dead. */
  async function deafen(pool: InstrumentedPool) {
    const clients = await take(pool, 2);
    for (const client of clients) {
      const { stream } = (client as unknown as { connection: { stream: import('node:net').Socket } })
        .connection;
      // Whatever the server says from now on is not heard.
      stream.pause();
      stream.removeAllListeners('data');
      stream.removeAllListeners('end');
      stream.removeAllListeners('close');
      // Nor what the system says of writing to it, which may come before the check's time is up.
      stream.removeAllListeners('error');
      stream.on('error', () => {});
      client.release();
    }
    await terminate(clients.map(pidOf));
    return clients.map(pidOf);
  }

  it.each([
    ['always', 0],
    ['when-idle', 0],
  ] as const)('is checked %s, closed when dead, and the request gets the next', async (mode, checkIdleMs) => {
    const { pool, log } = newPool({ max: 3, checkBeforeUse: mode, checkIdleMs, healthTimeoutMs: 300 });
    const dead = await deafen(pool);
    const client = await pool.connect();
    expect(dead).not.toContain(pidOf(client));
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    client.release();
    expect(removals(log)).toEqual(['check-failed', 'check-failed']);
    expect(pool.details().totals.checksFailed).toBe(2);
    // What the checks took is part of the wait.
    expect(pool.takeSample(null).waitMs.maxMs).toBeGreaterThan(300);
  });

  it('is not checked when it was idle for less than the setting says, or never is', async () => {
    for (const settings of [
      { checkBeforeUse: 'when-idle', checkIdleMs: 3_600_000 },
      { checkBeforeUse: 'never' },
    ] as const) {
      const { pool, log } = newPool({ max: 1, ...settings });
      for (let use = 1; use <= 3; use += 1) await pool.query('SELECT 1');
      expect(log.all().filter(({ kind }) => kind === 'check')).toEqual([]);
    }
    const { pool, log } = newPool({ max: 1, checkBeforeUse: 'always' });
    for (let use = 1; use <= 3; use += 1) await pool.query('SELECT 1');
    // The first use opened it.
    expect(log.all().filter(({ kind }) => kind === 'check')).toHaveLength(2);
    expect(createLedger(pool).take()).toMatchObject({ acquired: 3, released: 3, opened: 1 });
  });

  it('is checked with all others on demand; dead ones are closed and the minimum opens anew', async () => {
    const { pool } = newPool({ max: 3, min: 2, healthTimeoutMs: 300 });
    await deafen(pool);
    const third = await pool.connect();
    third.release();
    const result = await pool.checkIdle();
    expect(result.closed).toBeGreaterThanOrEqual(1);
    expect(result.checked + result.skipped).toBeGreaterThanOrEqual(2);
    await eventually(() => pool.openCount).toBeGreaterThanOrEqual(2);
    expect(await pool.checkIdle()).toMatchObject({ closed: 0 });
  });

  it('leaves the check on demand to those that are still at rest at their turn', async () => {
    const { pool } = newPool({ max: 2 });
    for (const client of await take(pool, 2)) client.release();
    const checking = pool.checkIdle();
    const client = await pool.connect();
    const { checked, skipped, closed } = await checking;
    expect([checked, skipped, closed]).toEqual([1, 1, 0]);
    client.release();
  });
});
