import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import { configFor, sessionsOf, startSilentServer } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { healthHolder } from '../health/index.ts';
import { EventLog } from './event-log.ts';
import { type ConnectionConfig, MeteredPool } from './metered-pool.ts';
import { PoolMeter } from './pool-meter.ts';
import type { PoolSettings } from './pool-settings.ts';

let server: TestServer;
const pools: MeteredPool[] = [];

function newPool(
  settings: Partial<PoolSettings> = {},
  config: ConnectionConfig = configFor(server),
): MeteredPool {
  const pool = new MeteredPool({
    settings: {
      ...profileDefaults,
      ...{ min: 0, max: 2, waitTimeoutMs: 5000, idleTimeoutMs: 0, maxLifetimeMs: 0 },
      // One attempt each, so that what is counted is what was asked for.
      ...{ retries: 0, breakerThreshold: 0 },
      ...settings,
    },
    clock: systemClock,
    log: new EventLog(systemClock),
    meter: new PoolMeter(systemClock),
    connectionConfig: async () => config,
    onOpened: () => {},
    onClosed: () => {},
  });
  pools.push(pool);
  return pool;
}

/** Two timers run for it; either may be the first to say so. */
const connectTimeout = /^(timeout expired|Connection terminated due to connection timeout)$/;

const take = (pool: MeteredPool) => ({
  ...pool.meter.take(pool.servedAtOnce),
  connecting: pool.notReadyCount,
});

beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  for (const pool of pools.splice(0)) {
    pool.refuseAll(new Error('The test is over.'));
    for (const client of pool.alive) client.destroySocket();
    pool.end(() => {});
  }
  await vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]));
});
afterAll(() => server.stop());

describe('a metered pool', () => {
  it('counts requests in every form that pg-pool knows', async () => {
    const pool = newPool();
    (await pool.connect()).release();
    await new Promise<void>((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (client === undefined) return reject(error);
        release();
        resolve();
      });
    });
    await pool.query('SELECT 1');
    const reading = take(pool);
    expect(reading).toMatchObject({ acquired: 3, released: 3, opened: 1, closed: 0, used: 0 });
    expect(reading.waitMs.count).toBe(3);
    expect(reading.holdMs.count).toBe(3);
    expect(reading.connectMs.count).toBe(1);
  });

  it('does not call a connection used while it is still being opened', async () => {
    const silent = await startSilentServer();
    const pool = newPool({}, configFor(server, { port: silent.port }));
    const asked = pool.connect();
    const refused = expect(asked).rejects.toThrow('The test is over.');
    await vi.waitFor(() => expect(pool.totalCount).toBe(1));
    const reading = take(pool);
    expect(reading).toMatchObject({ connecting: 1, used: 0, pending: 1 });
    expect(reading.longestPendingMs).toBeGreaterThan(0);
    expect(pool.openCount).toBe(0);
    pool.refuseAll(new Error('The test is over.'));
    await refused;
    await silent.stop();
  });

  it('counts no hand-over when a lifetime ends, as pg-pool would', async () => {
    const pool = newPool({ maxLifetimeMs: 100 });
    await pool.query('SELECT 1');
    const phantom = vi.fn();
    pool.on('acquire', phantom);
    await vi.waitFor(() => expect(pool.totalCount).toBe(0));
    expect(phantom).not.toHaveBeenCalled();
    expect(take(pool)).toMatchObject({ acquired: 1, released: 1, opened: 1, closed: 1, connectionErrors: 0 });
  });

  it('tells a request that waited too long from a connection that took too long', async () => {
    const pool = newPool({ max: 1, waitTimeoutMs: 1000 });
    const holder = await pool.connect();
    await expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect');
    await expect(pool.query('SELECT 1')).rejects.toThrow('timeout exceeded when trying to connect');
    expect(take(pool)).toMatchObject({ waitTimeouts: 2, connectTimeouts: 0, connectFailures: 0, pending: 0 });
    holder.release();

    const silent = await startSilentServer();
    const stuck = newPool({ waitTimeoutMs: 100 }, configFor(server, { port: silent.port }));
    await expect(stuck.connect()).rejects.toThrow(connectTimeout);
    expect(take(stuck)).toMatchObject({
      waitTimeouts: 0,
      connectTimeouts: 1,
      connectFailures: 0,
      connecting: 0,
    });
    await silent.stop();
  });

  it('counts the attempt of a request that gave up meanwhile, though pg-pool says nothing', async () => {
    const silent = await startSilentServer();
    const pool = newPool({ max: 1, waitTimeoutMs: 200 }, configFor(server, { port: silent.port }));
    const first = expect(pool.connect()).rejects.toThrow(connectTimeout);
    await vi.waitFor(() => expect(pool.totalCount).toBe(1));
    // Queued behind the first; its attempt starts when the first fails and outlives the request.
    const second = expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect');
    await Promise.all([first, second]);
    await vi.waitFor(() => expect(pool.totalCount).toBe(0));
    expect(take(pool)).toMatchObject({ waitTimeouts: 1, connectTimeouts: 2, connecting: 0, pending: 0 });
    await silent.stop();
  });

  it('counts refused connections and refused logins, and leaves no half-open session', async () => {
    const nowhere = newPool({}, configFor(server, { port: 1 }));
    await expect(nowhere.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(take(nowhere)).toMatchObject({ connectFailures: 1, connectTimeouts: 0, opened: 0, connecting: 0 });

    const wrong = newPool({}, configFor(server, { password: () => 'wrong' }));
    await expect(wrong.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(take(wrong)).toMatchObject({ connectFailures: 1, opened: 0, pending: 0 });

    const none = newPool({}, configFor(server, { password: () => '' }));
    await expect(none.query('SELECT 1')).rejects.toThrow(/password must be/);
    await vi.waitFor(() => expect(none.alive.size).toBe(0));
    expect(take(none)).toMatchObject({ connectFailures: 1, opened: 0, pending: 0 });
  });

  it('counts a connection that the server breaks once: at rest, handed out, or at work', async () => {
    const pool = newPool({ max: 3 });
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    const pids = await Promise.all(
      clients.map(
        async (client) =>
          (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid,
      ),
    );
    clients[0]?.release();
    const working = expect(clients[2]?.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57P01' });
    take(pool);
    await server.admin((admin) => admin.query('SELECT pg_terminate_backend(unnest($1::int[]))', [pids]));
    await working;
    await vi.waitFor(() => expect(pool.alive.size).toBe(0));
    expect(take(pool)).toMatchObject({ connectionErrors: 3, closed: 1, used: 2 });
    clients[1]?.release();
    clients[2]?.release(new Error('broken'));
    expect(take(pool)).toMatchObject({ connectionErrors: 0, closed: 2, used: 0 });
    expect(pool.totalCount).toBe(0);
  });

  it('counts the loss when the last word of the server went to a statement', async () => {
    const pool = newPool();
    const doomed = pool.query('SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(doomed).rejects.toMatchObject({ code: '57P01' });
    expect(take(pool)).toMatchObject({ connectionErrors: 1, opened: 1, closed: 1, acquired: 1, released: 1 });
  });

  it('counts a client released with an error as closed, not as broken', async () => {
    const pool = newPool();
    const client = await pool.connect();
    client.release(new Error('no longer wanted'));
    expect(take(pool)).toMatchObject({ opened: 1, closed: 1, connectionErrors: 0, used: 0 });
  });

  it('keeps a client in use that its holder ended, until it is released', async () => {
    const pool = newPool();
    const client = await pool.connect();
    await client.end();
    expect(take(pool)).toMatchObject({ opened: 1, closed: 0, used: 1 });
    client.release();
    expect(take(pool)).toMatchObject({ closed: 1, used: 0 });
  });

  it('gives a client that comes for an abandoned request straight back', async () => {
    const pool = newPool({ max: 1 });
    const holder = await pool.connect();
    const callback = vi.fn();
    const request = pool.request(callback);
    expect(take(pool)).toMatchObject({ pending: 1 });
    pool.abandon(request, 'unwanted');
    expect(take(pool)).toMatchObject({ pending: 0, pendingPeak: 1 });
    holder.release();
    await pool.query('SELECT 1');
    expect(callback).not.toHaveBeenCalled();
    expect(take(pool)).toMatchObject({ acquired: 1, released: 2, used: 0, waitTimeouts: 0 });
    expect(pool.idleCount).toBe(1);
  });

  it('counts no health check among the requests that wait', async () => {
    const pool = newPool({ max: 1 });
    const served = (holder?: string) =>
      new Promise<pg.PoolClient>((resolve, reject) => {
        pool.request((error, client) => (client === undefined ? reject(error) : resolve(client)), { holder });
      });
    // The pool's first: a connection is opened for it.
    const opening = served(healthHolder);
    expect(take(pool)).toMatchObject({ pending: 0, pendingPeak: 0, longestPendingMs: 0 });
    const first = await opening;
    const check = served(healthHolder);
    expect(take(pool)).toMatchObject({ used: 1, pending: 0, pendingPeak: 0, longestPendingMs: 0 });
    const request = served();
    expect(take(pool)).toMatchObject({ used: 1, pending: 1, pendingPeak: 1 });
    first.release();
    (await check).release();
    (await request).release();
    expect(take(pool)).toMatchObject({ used: 0, pending: 0, pendingPeak: 1, acquired: 2 });
    expect(take(pool)).toMatchObject({ pendingPeak: 0 });
  });

  it('shows a spike between two samples, and no waiting where idle connections serve at once', async () => {
    const pool = newPool({ max: 2 });
    const [a, b] = await Promise.all([pool.connect(), pool.connect()]);
    a?.release();
    b?.release();
    take(pool);
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1')]);
    expect(take(pool)).toMatchObject({ used: 0, usedPeak: 2, pending: 0, pendingPeak: 0 });
    await Promise.all(Array.from({ length: 7 }, () => pool.query('SELECT 1')));
    expect(take(pool)).toMatchObject({ used: 0, usedPeak: 2, pending: 0, pendingPeak: 5 });
    expect(take(pool)).toMatchObject({ usedPeak: 0, pendingPeak: 0, acquired: 0 });
  });

  it('refuses settings that pg cannot use without losing the request', async () => {
    const pool = newPool({}, configFor(server, { sslnegotiation: 'never' as 'direct' }));
    await expect(pool.connect()).rejects.toThrow(/sslnegotiation/);
    expect(take(pool)).toMatchObject({ pending: 0, connecting: 0, connectFailures: 1 });
  });
});
