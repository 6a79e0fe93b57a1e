import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { withoutLabels } from '../../../../tests/support/plain-pool.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { Workload } from './workload.ts';

let server: TestServer;
const pools: pg.Pool[] = [];
const workloads: Workload[] = [];

function openPool(max = 10): pg.Pool {
  const { host, port, user, password, database } = server;
  const pool = new pg.Pool({ host, port, user, password, database, max, application_name: 'workload' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  pools.push(pool);
  return pool;
}

function startOn(pool: () => pg.Pool): Workload {
  const workload = new Workload(() => withoutLabels(pool()));
  workloads.push(workload);
  workload.start();
  return workload;
}

/** Counts the requests that reach a pool. */
function watch(pool: pg.Pool) {
  return vi.spyOn(pool, 'query');
}

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const workload of workloads.splice(0)) await workload.stop();
  for (const pool of pools.splice(0)) await pool.end();
});

afterAll(() => server.stop());

describe('the synthetic load', () => {
  it('keeps a pool busy with requests that succeed', async () => {
    const pool = openPool();
    const queries = watch(pool);
    startOn(() => pool);
    await vi.waitFor(() => expect(queries.mock.results.length).toBeGreaterThan(15), { timeout: 10_000 });
    const outcomes = await Promise.allSettled(queries.mock.results.map(({ value }) => value));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('makes requests wait in a burst', async () => {
    const pool = openPool();
    startOn(() => pool);
    await vi.waitFor(() => expect(pool.waitingCount).toBeGreaterThan(0), { timeout: 15_000, interval: 10 });
  });

  it('leaves nothing checked out once it is stopped, and sends no more', async () => {
    const pool = openPool();
    const queries = watch(pool);
    const workload = startOn(() => pool);
    await vi.waitFor(() => expect(queries).toHaveBeenCalled());
    await workload.stop();
    expect(workload.running).toBe(false);
    expect(pool.totalCount - pool.idleCount).toBe(0);
    const sent = queries.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(queries.mock.calls.length).toBe(sent);
  });

  it('rests while the pool is closed, and goes on with the one that replaces it', async () => {
    let pool: pg.Pool | null = null;
    startOn(() => {
      if (pool === null) throw new Error('closed');
      return pool;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    pool = openPool();
    const queries = watch(pool);
    await vi.waitFor(() => expect(queries).toHaveBeenCalled(), { timeout: 5000 });
  });

  it('goes on after the server was killed and started again', async () => {
    const pool = openPool();
    const queries = watch(pool);
    startOn(() => pool);
    await vi.waitFor(() => expect(queries).toHaveBeenCalled());
    await server.kill();
    await server.start();
    queries.mockClear();
    const succeeded = async () => {
      const outcomes = await Promise.allSettled(queries.mock.results.map(({ value }) => value));
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    };
    await vi.waitFor(succeeded, { timeout: 10_000 });
  });
});
