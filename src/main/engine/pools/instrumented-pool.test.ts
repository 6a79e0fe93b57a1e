import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  configFor,
  createLedger,
  poolFor,
  sessionsOf,
  startSilentServer,
} from '../../../../tests/support/pools.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../tests/support/postgres-server.ts';
import { EngineError } from '../base/errors.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';

let server: TestServer;
const pools: InstrumentedPool[] = [];

function newPool(...rest: Parameters<typeof poolFor> extends [TestServer, ...infer Rest] ? Rest : never) {
  const pool = poolFor(server, ...rest);
  pools.push(pool);
  return pool;
}

describe.each(testedVersions())('on PostgreSQL %i', (version) => {
  beforeAll(async () => {
    server = await startTestServer({ version });
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end(400)));
  });
  afterAll(() => server.stop());

  const nobodyLeft = () => vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));

  describe('a pool that runs statements', () => {
    it('keeps its connection when the server merely refuses a statement', async () => {
      const pool = newPool();
      await expect(pool.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
      expect((await pool.query<{ n: number }>('SELECT $1::int AS n', [7])).rows).toEqual([{ n: 7 }]);
      expect(pool.takeSample(null)).toMatchObject({
        opened: 1,
        closed: 0,
        idle: 1,
        acquired: 2,
        released: 2,
      });
    });

    it('recovers by itself when the server comes back, and its counters balance', async () => {
      const pool = newPool({ max: 3 });
      const ledger = createLedger(pool);
      await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.01)')));
      const atWork = expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow();
      await vi.waitFor(() => expect(ledger.take().last.used).toBe(1));
      await server.kill();
      await atWork;
      await expect(pool.query('SELECT 1')).rejects.toThrow();
      await vi.waitFor(() => expect(ledger.take().last.idle).toBe(0));
      expect(ledger.take()).toMatchObject({ opened: 3, closed: 3, connectionErrors: 3 });
      await server.start();
      await vi.waitFor(async () => expect((await pool.query('SELECT 1')).rowCount).toBe(1));
      const totals = ledger.take();
      expect(totals.connectFailures).toBeGreaterThan(0);
      expect(totals.acquired).toBe(totals.released);
      expect(totals.opened - totals.closed).toBe(totals.last.idle + totals.last.used);
    });

    it('takes up a password that was mended after a refused login', async () => {
      let password = 'wrong';
      const pool = newPool({}, async () => configFor(server, { password: () => password }));
      await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      password = server.password;
      expect((await pool.query('SELECT 1')).rowCount).toBe(1);
    });

    it('fails every waiting request when it cannot find out how to connect, and asks anew later', async () => {
      let broken = true;
      const pool = newPool({}, async () => {
        if (broken) throw new Error('The vault is locked.');
        return configFor(server);
      });
      const results = await Promise.allSettled([pool.query('SELECT 1'), pool.query('SELECT 1')]);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
      expect(pool.takeSample(null)).toMatchObject({ connectFailures: 1, pending: 0, opened: 0 });
      broken = false;
      expect((await pool.query('SELECT 1')).rowCount).toBe(1);
    });

    it('gives up finding out how to connect at the wait timeout', async () => {
      const pool = newPool(
        { waitTimeoutMs: 100 },
        () => new Promise((_, reject) => setTimeout(reject, 300, new Error('late'))),
      );
      await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'connect_timeout' });
      expect(pool.takeSample(null)).toMatchObject({ connectTimeouts: 1, connectFailures: 0, pending: 0 });
    });

    it('gives up the connection that is being opened for a caller who leaves, and counts why', async () => {
      const silent = await startSilentServer();
      const pool = newPool({}, configFor(server, { port: silent.port }));
      const leave = async (reason: Error) => {
        const impatience = new AbortController();
        const waiting = expect(pool.connect({ signal: impatience.signal })).rejects.toBe(reason);
        await vi.waitFor(() => expect(silent.open).toBe(1));
        impatience.abort(reason);
        await waiting;
        await vi.waitFor(() => expect(silent.open).toBe(0));
        return pool.takeSample(null);
      };
      const none = { opened: 0, closed: 0, connecting: 0, pending: 0, connectFailures: 0, waitTimeouts: 0 };
      const late = new EngineError('connect_timeout', 'It took too long.');
      expect(await leave(late)).toMatchObject({ ...none, connectTimeouts: 1 });
      expect(await leave(new Error('changed my mind'))).toMatchObject({ ...none, connectTimeouts: 0 });
      await silent.stop();
    });

    it('leaves the connection that is being opened to those who wait behind a caller who leaves', async () => {
      const pool = newPool({ max: 1 });
      // Known how to connect and nothing open: the next request opens a connection in its own turn.
      (await pool.connect()).release(new Error('not this one'));
      const impatience = new AbortController();
      const leaving = expect(pool.connect({ signal: impatience.signal })).rejects.toThrow('mind');
      const staying = pool.connect();
      impatience.abort(new Error('changed my mind'));
      await leaving;
      (await staying).release();
      expect(pool.takeSample(null)).toMatchObject({
        opened: 2,
        connectFailures: 0,
        connectTimeouts: 0,
        idle: 1,
      });
    });

    it('opens nothing for a caller who left the queue', async () => {
      const silent = await startSilentServer();
      const pool = newPool({ max: 1 }, configFor(server, { port: silent.port }));
      const first = new AbortController();
      const opening = expect(pool.connect({ signal: first.signal })).rejects.toThrow('enough');
      await vi.waitFor(() => expect(silent.open).toBe(1));
      const second = new AbortController();
      const queued = expect(pool.connect({ signal: second.signal })).rejects.toThrow('enough');
      for (const caller of [second, first]) caller.abort(new Error('enough'));
      await Promise.all([opening, queued]);
      await vi.waitFor(() => expect(silent.open).toBe(0));
      expect(silent.total).toBe(1);
      expect(pool.takeSample(null)).toMatchObject({ connecting: 0, pending: 0 });
      await silent.stop();
    });

    it('stops the statement of a client that is taken back at work', async () => {
      const pool = newPool({ max: 1 });
      const client = await pool.connect();
      const running = expect(client.query('SELECT pg_sleep(600)')).rejects.toThrow();
      const waiting = pool.query('SELECT 1');
      await pool.discard(client, new Error('no longer wanted'));
      await running;
      expect((await waiting).rowCount).toBe(1);
      await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(1));
      expect(pool.takeSample(null)).toMatchObject({ opened: 2, closed: 1, connectionErrors: 0, used: 0 });
    });

    it('lets a caller stop waiting', async () => {
      const pool = newPool({ max: 1 });
      const holder = await pool.connect();
      const impatience = new AbortController();
      const waiting = pool.connect({ signal: impatience.signal });
      impatience.abort(new Error('changed my mind'));
      await expect(waiting).rejects.toThrow('changed my mind');
      await expect(pool.connect({ signal: impatience.signal })).rejects.toThrow('changed my mind');
      holder.release();
      expect(pool.takeSample(null)).toMatchObject({
        pending: 0,
        used: 0,
        waitTimeouts: 0,
        acquired: 1,
        released: 1,
      });
    });
  });

  describe('ending a pool', () => {
    it('leaves nothing on the server while a statement runs and nobody gives the client back', async () => {
      const pool = newPool();
      const client = await pool.connect();
      const running = expect(client.query('SELECT pg_sleep(600)')).rejects.toThrow();
      const idleInTransaction = await pool.connect();
      await idleInTransaction.query('BEGIN');
      await pool.query('SELECT 1');
      expect(await sessionsOf(server)).toHaveLength(3);
      await pool.end(1000);
      await running;
      await nobodyLeft();
      client.release();
      idleInTransaction.release();
      expect(pool.openCount).toBe(0);
    });

    it('waits for clients that come back in time', async () => {
      const pool = newPool();
      const client = await pool.connect();
      const answered = client
        .query<{ n: number }>('SELECT 1 AS n, pg_sleep(0.2)')
        .finally(() => client.release());
      await pool.end(20_000);
      expect((await answered).rows[0]?.n).toBe(1);
      await nobodyLeft();
    });

    it('refuses those that wait and those that come after', async () => {
      const pool = newPool({ max: 1 });
      const client = await pool.connect();
      const waiting = expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'pool_closed' });
      const ended = pool.end(1000);
      await waiting;
      await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'pool_closed' });
      await expect(pool.connect()).rejects.toMatchObject({ code: 'pool_closed' });
      client.release();
      await ended;
      expect(pool.takeSample(null)).toMatchObject({ pending: 0, used: 0, waitTimeouts: 0 });
    });

    it('gives up connections that are still being opened', async () => {
      const silent = await startSilentServer();
      const pool = newPool({}, configFor(server, { port: silent.port }));
      const waiting = expect(pool.connect()).rejects.toMatchObject({ code: 'pool_closed' });
      await vi.waitFor(() => expect(pool.takeSample(null).connecting).toBe(1));
      await pool.end(60_000);
      await waiting;
      expect(pool.takeSample(null)).toMatchObject({ connecting: 0, pending: 0 });
      await silent.stop();
    });
  });

  describe('the minimum of a pool', () => {
    it('is opened when the server is known to be there, and nothing of it counts as use', async () => {
      const pool = newPool({ min: 3, max: 5 });
      await pool.query('SELECT 1');
      await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(3));
      const totals = createLedger(pool).take();
      expect(totals).toMatchObject({ acquired: 1, released: 1, opened: 3 });
      expect(totals.last).toMatchObject({ idle: 3, used: 0, usedPeak: 1, pending: 0 });
    });

    it('is opened again after the server was restarted', async () => {
      const pool = newPool({ min: 3, max: 5 });
      await pool.query('SELECT 1');
      await vi.waitFor(() => expect(pool.openCount).toBe(3));
      await server.kill();
      await vi.waitFor(() => expect(pool.openCount).toBe(0));
      await server.start();
      await vi.waitFor(() => pool.query('SELECT 1'));
      await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(3));
    });

    it('is kept when the server ends a single session', async () => {
      const pool = newPool({ min: 2, max: 5 });
      await pool.query('SELECT 1');
      await vi.waitFor(() => expect(pool.openCount).toBe(2));
      const [pid] = await sessionsOf(server);
      await server.admin((admin) => admin.query('SELECT pg_terminate_backend($1)', [pid]));
      await vi.waitFor(async () => {
        const now = await sessionsOf(server);
        expect(now).toHaveLength(2);
        expect(now).not.toContain(pid);
      }, 5000);
    });

    it('is what remains when connections above it were idle for long enough', async () => {
      const pool = newPool({ min: 1, max: 5, idleTimeoutMs: 500 });
      await Promise.all([1, 2, 3, 4].map(() => pool.query('SELECT pg_sleep(0.05)')));
      expect(pool.openCount).toBe(4);
      await vi.waitFor(() => expect(pool.openCount).toBe(1), 5000);
      await pool.query('SELECT 1');
      expect(pool.takeSample(null)).toMatchObject({ opened: 4, closed: 3, idle: 1 });
    });
  });
});
