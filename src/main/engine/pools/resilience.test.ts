import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../tests/support/eventually.ts';
import { configFor, createLedger, poolFor, startSilentServer } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { EventLog } from './event-log.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';
import type { ConnectionConfig } from './metered-pool.ts';
import type { PoolSettings } from './pool-settings.ts';

let server: TestServer;
let isDown = false;
const pools: InstrumentedPool[] = [];

function newPool(settings: Partial<PoolSettings> = {}, config: ConnectionConfig = {}) {
  const log = new EventLog(systemClock);
  const pool = poolFor(server, settings, configFor(server, config), log);
  pools.push(pool);
  const kinds = (kind: string) => log.all().filter((event) => event.kind === kind);
  return { pool, log, kinds };
}

const fail = async () => {
  await server.kill();
  isDown = true;
};
const recover = async () => {
  if (isDown) await server.start();
  isDown = false;
};

beforeAll(async () => {
  server = await startTestServer({ settings: { max_connections: '10' } });
});
beforeEach(recover);
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end(400)));
});
afterAll(() => server.stop());

describe('retries', () => {
  it('get a request over a short failure of the server, and are told in the event log', async () => {
    const { pool, kinds } = newPool({
      retries: 10,
      retryDelayMs: 200,
      breakerThreshold: 0,
      waitTimeoutMs: 60_000,
    });
    await fail();
    const answered = pool.query('SELECT 1');
    await eventually(() => kinds('retry').length).toBeGreaterThan(0);
    await recover();
    expect((await answered).rowCount).toBe(1);
    expect(pool.details().totals.retries).toBe(kinds('retry').length);
    expect(kinds('retry')[0]).toMatchObject({ errorCode: expect.stringMatching(/refused|lost|unavailable/) });
  });

  it('are as many as the profile says, further apart each time, and none when it says none', async () => {
    const port = { port: 1 };
    const three = newPool({ retries: 3, retryDelayMs: 20, breakerThreshold: 0 }, port);
    await expect(three.pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(createLedger(three.pool).take()).toMatchObject({ connectFailures: 4 });
    const pauses = three.kinds('retry').map(({ durationMs }) => durationMs ?? 0);
    expect(pauses).toHaveLength(3);
    for (const [index, pauseMs] of pauses.entries()) {
      expect(pauseMs).toBeGreaterThanOrEqual(10 * 2 ** index - 1);
      expect(pauseMs).toBeLessThanOrEqual(20 * 2 ** index);
    }
    const none = newPool({ retries: 0, breakerThreshold: 0 }, port);
    await expect(none.pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(createLedger(none.pool).take()).toMatchObject({ connectFailures: 1 });
  });

  it('end with the wait timeout, which tells the last failure', async () => {
    const { pool } = newPool(
      { retries: 10, retryDelayMs: 5000, waitTimeoutMs: 300, breakerThreshold: 0 },
      { port: 1 },
    );
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(pool.takeSample(null)).toMatchObject({ pending: 0, connectFailures: 1, waitTimeouts: 0 });
  });

  it('are never made after a wrong password or any answer to a statement', async () => {
    const wrong = newPool({ retries: 5, retryDelayMs: 10 }, { password: () => 'wrong' });
    await expect(wrong.pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(createLedger(wrong.pool).take()).toMatchObject({ connectFailures: 1 });
    const { pool, kinds } = newPool({ retries: 5, retryDelayMs: 10 });
    await expect(pool.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      code: '57P01',
    });
    expect(kinds('retry')).toEqual([]);
  });

  it('leave a request its place: it takes a connection that comes back while it waits to try again', async () => {
    const { pool } = newPool({
      max: 2,
      retries: 5,
      retryDelayMs: 60_000,
      waitTimeoutMs: 60_000,
      breakerThreshold: 0,
    });
    const held = await pool.connect();
    // The next one to open finds every place on the server taken.
    const { pool: crowd } = newPool(
      { max: 20, retries: 0, breakerThreshold: 0 },
      { user: 'guest', password: () => 'guest' },
    );
    await server.admin((admin) => admin.query("CREATE ROLE guest LOGIN PASSWORD 'guest' CONNECTION LIMIT 0"));
    await expect(crowd.query('SELECT 1')).rejects.toMatchObject({ code: '53300' });
    const blocked = newPool(
      { max: 2, retries: 5, retryDelayMs: 60_000, waitTimeoutMs: 60_000, breakerThreshold: 0 },
      { user: 'solo', password: () => 'solo' },
    );
    await server.admin((admin) => admin.query("CREATE ROLE solo LOGIN PASSWORD 'solo' CONNECTION LIMIT 1"));
    const only = await blocked.pool.connect();
    const waiting = blocked.pool.connect();
    await eventually(() => blocked.kinds('retry')).toHaveLength(1);
    only.release();
    (await waiting).release();
    held.release();
    expect(createLedger(blocked.pool).take()).toMatchObject({ acquired: 2, opened: 1, waitTimeouts: 0 });
  });
});

describe('the connect timeout', () => {
  it('ends one attempt long before the wait timeout; 0 leaves only that', async () => {
    const silent = await startSilentServer();
    const port = { port: silent.port };
    const terms = { retries: 0, breakerThreshold: 0 };
    const hasty = newPool({ ...terms, connectTimeoutMs: 100, waitTimeoutMs: 120_000 }, port);
    await expect(hasty.pool.connect()).rejects.toThrow(/timeout expired/);
    expect(hasty.pool.takeSample(null)).toMatchObject({ connectTimeouts: 1, waitTimeouts: 0 });
    const patient = newPool({ ...terms, connectTimeoutMs: 0, waitTimeoutMs: 400 }, port);
    await expect(patient.pool.connect()).rejects.toThrow(/timeout expired/);
    expect(patient.pool.takeSample(null)).toMatchObject({ connectTimeouts: 1, waitTimeouts: 0 });
    await silent.stop();
  });
});

describe('the circuit breaker', () => {
  const terms = { retries: 0, breakerThreshold: 3, breakerHalfOpenMs: 60_000 };

  it('opens after so many failures in a row; requests then fail at once, without reaching the server', async () => {
    const { pool, kinds } = newPool(terms, { port: 1 });
    expect(pool.breaker).toMatchObject({ state: 'closed', failures: 0, error: null });
    for (let attempt = 1; attempt <= 3; attempt += 1)
      await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await eventually(() => pool.breaker.state).toBe('open');
    expect(pool.breaker).toMatchObject({ failures: 3, error: { code: 'connection_refused' } });
    expect(pool.breaker.nextAttemptAtMs).toBeGreaterThan(Date.now());
    const refused = await pool.query('SELECT 1').catch((error) => error);
    expect(refused).toMatchObject({
      code: 'breaker_open',
      details: { remedy: expect.stringContaining('next attempt') },
    });
    expect(createLedger(pool).take()).toMatchObject({ connectFailures: 3 });
    expect(kinds('breaker')[0]).toMatchObject({ message: expect.stringContaining('open after 3 failures') });
  });

  it('stays out of use at 0', async () => {
    const { pool } = newPool({ ...terms, breakerThreshold: 0 }, { port: 1 });
    for (let attempt = 1; attempt <= 6; attempt += 1)
      await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(pool.breaker.state).toBe('off');
  });

  it('lets one attempt through when it is half-open, and closes when that succeeds', async () => {
    const { pool, kinds } = newPool({ ...terms, breakerHalfOpenMs: 500, max: 4 });
    await fail();
    for (let attempt = 1; attempt <= 3; attempt += 1) await expect(pool.query('SELECT 1')).rejects.toThrow();
    await eventually(() => pool.breaker.state).toBe('open');
    await recover();
    await eventually(() => pool.nextAttemptInMs).toBe(0);
    await Promise.all([1, 2, 3].map(() => pool.query('SELECT 1')));
    expect(pool.breaker).toMatchObject({ state: 'closed', failures: 0, error: null, openedAtMs: null });
    expect(kinds('breaker').map(({ message }) => message.split(' ').slice(4).join(' '))).toEqual([
      expect.stringContaining('open after'),
      'half-open.',
      'closed.',
    ]);
  });

  it('opens again when the attempt of the half-open one fails', async () => {
    const { pool } = newPool({ ...terms, breakerThreshold: 1, breakerHalfOpenMs: 200 }, { port: 1 });
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await eventually(() => pool.breaker.state).toBe('open');
    await eventually(() => pool.nextAttemptInMs).toBe(0);
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await eventually(() => pool.breaker.state).toBe('open');
    expect(pool.nextAttemptInMs).toBeGreaterThan(0);
  });

  it('still hands out connections that are there', async () => {
    await server.admin((admin) => admin.query("CREATE ROLE moving LOGIN PASSWORD 'before'"));
    const login = { user: 'moving', password: () => 'before' };
    let { port } = server;
    const config = async () => configFor(server, { ...login, port });
    const pool = poolFor(server, { ...terms, breakerThreshold: 1 }, config);
    pools.push(pool);
    const held = await pool.connect();
    // A refused login makes the pool ask anew how to connect, and now that leads nowhere.
    await server.admin((admin) => admin.query("ALTER ROLE moving PASSWORD 'after'"));
    port = 1;
    await expect(pool.connect()).rejects.toMatchObject({ code: '28P01' });
    await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await eventually(() => pool.breaker.state).toBe('open');
    held.release();
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
    expect(pool.breaker.state).toBe('open');
  });

  it('is not opened by a wrong password, a full server, or requests that waited too long', async () => {
    const wrong = newPool({ ...terms, breakerThreshold: 1 }, { password: () => 'wrong' });
    for (let attempt = 1; attempt <= 2; attempt += 1)
      await expect(wrong.pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(wrong.pool.breaker.state).toBe('closed');
    await server.admin((admin) =>
      admin.query("CREATE ROLE full LOGIN PASSWORD 'full' CONNECTION LIMIT 0").catch(() => {}),
    );
    const full = newPool({ ...terms, breakerThreshold: 1 }, { user: 'full', password: () => 'full' });
    for (let attempt = 1; attempt <= 2; attempt += 1)
      await expect(full.pool.query('SELECT 1')).rejects.toMatchObject({ code: '53300' });
    expect(full.pool.breaker.state).toBe('closed');
    const busy = newPool({ ...terms, breakerThreshold: 1, max: 1, waitTimeoutMs: 3000 });
    const client = await busy.pool.connect();
    await expect(busy.pool.query('SELECT 1')).rejects.toThrow(/timeout exceeded/);
    expect(busy.pool.breaker.state).toBe('closed');
    client.release();
  });
});
