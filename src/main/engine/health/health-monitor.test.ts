import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HealthReport } from '#shared/model/health.ts';
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
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/log.ts';
import { HealthMonitor, type HealthMonitorOptions, type HealthTerms } from './health-monitor.ts';

let server: TestServer;
const cleanUps: (() => Promise<void> | void)[] = [];

type Pool = ReturnType<typeof poolFor>;

function monitorOf(
  pool: Pool,
  { clock = systemClock, ...terms }: Partial<HealthTerms & Pick<HealthMonitorOptions, 'clock'>> = {},
) {
  const reports: HealthReport[] = [];
  const monitor = new HealthMonitor({
    pool,
    terms: () => ({
      ...{ capacity: pool.settings.max, intervalMs: 60_000, timeoutMs: 1000, statement: '' },
      ...terms,
    }),
    clock,
    log: silentLogger(),
    onReport: (report) => reports.push(report),
  });
  cleanUps.push(() => monitor.stop());
  return { monitor, reports };
}

function newPool(
  ...rest: Parameters<typeof poolFor> extends [TestServer, ...infer Rest] ? Rest : never
): Pool {
  const pool = poolFor(server, ...rest);
  cleanUps.unshift(() => pool.end(400));
  return pool;
}

describe.each(testedVersions())('on PostgreSQL %i', (version) => {
  beforeAll(async () => {
    server = await startTestServer({ version });
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });
  afterAll(() => server.stop());

  describe('health', () => {
    it('is unknown before the first check, and healthy after one that passes', async () => {
      // However slow the machine is.
      const clock = { nowMs: () => Date.now(), monotonicMs: () => 0 };
      const { monitor } = monitorOf(newPool(), { clock });
      expect(monitor.report.state).toBe('unknown');
      expect(monitor.takeCheck()).toBeNull();
      const report = await monitor.checkNow();
      expect(report).toMatchObject({ state: 'healthy', consecutiveFailures: 0, lastError: null });
      expect(report.lastCheckedAtMs).not.toBeNull();
      expect(monitor.takeCheck()).toEqual({ roundTripMs: report.roundTripMs });
      expect(monitor.takeCheck()).toBeNull();
    });

    it('is degraded while answers are slow', async () => {
      let nowMs = 0;
      const clock = { nowMs: () => 0, monotonicMs: () => (nowMs += 251) };
      const { monitor } = monitorOf(newPool(), { clock });
      expect(await monitor.checkNow()).toMatchObject({
        state: 'degraded',
        roundTripMs: 251,
        consecutiveFailures: 0,
      });
    });

    it('is unhealthy at once when the server is gone, and recovers by itself', async () => {
      const pool = newPool();
      const { monitor, reports } = monitorOf(pool);
      await monitor.checkNow();
      await server.kill();
      await vi.waitFor(() => expect(pool.openCount).toBe(0));
      const report = await monitor.checkNow();
      expect(report).toMatchObject({
        state: 'unhealthy',
        consecutiveFailures: 1,
        lastError: { code: 'connection_refused' },
      });
      expect(monitor.takeCheck()).toEqual({ roundTripMs: null });
      await server.start();
      await vi.waitFor(() => expect(monitor.report.state).toBe('healthy'), 5000);
      expect(monitor.report.lastError).toEqual(report.lastError);
      expect(reports.at(-1)).toBe(monitor.report);
    });

    it('is degraded, then unhealthy at the third failure in a row, while sessions do not answer', async () => {
      const pool = newPool({ max: 4 });
      const { monitor } = monitorOf(pool, { timeoutMs: 500 });
      const [held, ...others] = await Promise.all([1, 2, 3, 4].map(() => pool.connect()));
      const pids: number[] = [];
      for (const client of others) {
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        pids.push(...rows.map(({ pid }) => pid));
        client.release();
      }
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      const states: string[] = [];
      try {
        for (let check = 1; check <= 3; check += 1) states.push((await monitor.checkNow()).state);
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
      expect(states).toEqual(['degraded', 'degraded', 'unhealthy']);
      expect(monitor.report.lastError).toMatchObject({ code: 'query_timeout' });
      expect(await monitor.checkNow()).toMatchObject({ state: 'healthy', consecutiveFailures: 0 });
      held?.release();
      // The sessions that did not answer were given up, not kept for the next to stumble over.
      await vi.waitFor(async () => expect(await sessionsOf(server)).toHaveLength(2));
    });

    it('is degraded with words about the pool while every connection is in use, and leaks no client', async () => {
      const pool = newPool({ max: 1 });
      const { monitor } = monitorOf(pool, { timeoutMs: 300 });
      const holder = await pool.connect();
      for (let check = 1; check <= 4; check += 1) await monitor.checkNow();
      expect(monitor.report).toMatchObject({
        state: 'degraded',
        consecutiveFailures: 4,
        lastError: {
          code: 'wait_timeout',
          message:
            'The pool is busy: its only connection is in use, and the health check got none within 300 ms.',
        },
      });
      holder.release();
      expect(await monitor.checkNow()).toMatchObject({ state: 'healthy' });
      expect(pool.takeSample(null)).toMatchObject({ used: 0, idle: 1, pending: 0, waitTimeouts: 0 });
    });

    it('is not unhealthy for a busy pool whose requests give up sooner than its checks, and counts none as one', async () => {
      const pool = newPool({ max: 1 });
      const { monitor } = monitorOf(pool, { timeoutMs: 300 });
      const holder = await pool.connect();
      pool.apply({ ...pool.settings, waitTimeoutMs: 50 });
      for (let check = 1; check <= 4; check += 1) await monitor.checkNow();
      expect(monitor.report).toMatchObject({ state: 'degraded', lastError: { code: 'wait_timeout' } });
      holder.release();
      expect(pool.takeSample(null)).toMatchObject({ pending: 0, waitTimeouts: 0 });
    });

    it('says so when no connection can be opened in time', async () => {
      const silent = await startSilentServer();
      const pool = newPool({}, configFor(server, { port: silent.port }));
      const { monitor } = monitorOf(pool, { timeoutMs: 100 });
      expect(await monitor.checkNow()).toMatchObject({
        state: 'unhealthy',
        lastError: { code: 'connect_timeout' },
      });
      await pool.end(400);
      await silent.stop();
    });

    it('has one connection under way at most while the server hangs, and leaves none behind', async () => {
      const silent = await startSilentServer();
      const pool = newPool({ waitTimeoutMs: 60_000 }, configFor(server, { port: silent.port }));
      const ledger = createLedger(pool);
      const { monitor } = monitorOf(pool, { timeoutMs: 100 });
      for (let check = 1; check <= 4; check += 1) {
        const checking = monitor.checkNow();
        await vi.waitFor(() => expect(silent.total).toBe(check));
        expect(silent.open).toBe(1);
        expect(await checking).toMatchObject({ lastError: { code: 'connect_timeout' } });
        await vi.waitFor(() => expect(silent.open).toBe(0));
      }
      const totals = ledger.take();
      expect(totals).toMatchObject({ opened: 0, connectTimeouts: 4, connectFailures: 0, waitTimeouts: 0 });
      expect(totals.last).toMatchObject({ connecting: 0, pending: 0 });
      await silent.stop();
    });

    it('does not repeat a refused login at the pace of other failures', async () => {
      const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
      const pool = newPool({}, configFor(server, { password: () => 'wrong' }));
      const { monitor } = monitorOf(pool, { intervalMs: 5000 });
      expect(await monitor.checkNow()).toMatchObject({
        state: 'unhealthy',
        lastError: { code: 'auth_failed' },
      });
      expect(setTimeoutSpy.mock.lastCall?.[1]).toBe(30_000);
      setTimeoutSpy.mockRestore();
    });

    it('runs one check at a time, whoever asks', async () => {
      const pool = newPool();
      const { monitor } = monitorOf(pool);
      const [a, b] = await Promise.all([monitor.checkNow(), monitor.checkNow()]);
      expect(a).toBe(b);
      expect(pool.takeSample(null).acquired).toBe(1);
    });

    it('checks again after its interval', async () => {
      const { monitor, reports } = monitorOf(newPool(), { intervalMs: 50 });
      await monitor.checkNow();
      await vi.waitFor(() => expect(reports.length).toBeGreaterThan(3));
    });

    it('ends the check that runs when it is stopped, reports nothing, and gives the client back', async () => {
      const pool = newPool({ max: 1 });
      const { monitor, reports } = monitorOf(pool);
      const holder = await pool.connect();
      const running = monitor.checkNow();
      monitor.stop();
      expect(await running).toMatchObject({ state: 'unknown' });
      expect(reports).toEqual([]);
      holder.release();
      expect(pool.takeSample(null)).toMatchObject({ used: 0, pending: 0 });
      expect(await sessionsOf(server)).toHaveLength(1);
    });
  });
});
