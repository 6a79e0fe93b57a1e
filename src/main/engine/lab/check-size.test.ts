import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabProgress, LabTraffic } from '#shared/model/lab.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { configFor, sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { createScratchPool } from '../pools/index.ts';
import { type LabRun, runLab } from './run.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server?.stop());

const busy: LabTraffic = { kind: 'open', arrivalsPerS: 60, holdMs: 40, holdCs2: 1, arrivalCs2: 1 };

function run(more: Partial<LabRun> & { waitTimeoutMs?: number } = {}) {
  const progress: LabProgress[] = [];
  const { waitTimeoutMs = 30_000, ...rest } = more;
  const report = runLab({
    ...{ runId: 'run', traffic: busy, sizes: [4], seconds: 3, clock: systemClock },
    openPool: (size) =>
      createScratchPool(server.draft({ waitTimeoutMs }), size, async () => configFor(server), systemClock),
    requireRoom: async () => {},
    onProgress: (told) => progress.push(told),
    signal: new AbortController().signal,
    ...rest,
  });
  return { report, progress };
}

describe('the lab', () => {
  it('measures sizes under the same requests, in order, and leaves nothing open', async () => {
    const { report, progress } = run({ sizes: [3, 6] });
    const { results, trouble } = await report;
    expect(trouble).toBeNull();
    expect(results.map(({ size, end }) => [size, end])).toEqual([
      [3, 'complete'],
      [6, 'complete'],
    ]);
    const [small, large] = results;
    for (const result of results) {
      // 60 a second for three seconds, whichever of them fell to the lead.
      expect(result.requests).toBeGreaterThan(120);
      expect(result.requests).toBeLessThan(240);
      expect(result).toMatchObject({ timeouts: 0 });
      expect(result.meanHoldMs).toBeGreaterThan(20);
      expect(result.waitP95Ms).toBeGreaterThanOrEqual(result.meanWaitMs ?? Number.NaN);
    }
    // 2.4 busy at once.
    expect(small?.utilization).toBeGreaterThan(0.5);
    expect(small?.utilization).toBeLessThanOrEqual(1);
    expect(large?.utilization).toBeGreaterThan(0.2);
    expect(large?.utilization).toBeLessThan(small?.utilization ?? 0);
    expect(large?.meanWaitMs).toBeGreaterThanOrEqual(0);
    expect(small?.predicted).toMatchObject({ size: 3 });
    expect(small?.scatterShare).toBeGreaterThan(0);

    expect(progress[0]).toMatchObject({ size: 3, place: 1, sizes: 2, results: [] });
    expect(progress.at(-1)).toMatchObject({ size: 6, place: 2, results: [{ size: 3 }] });
    const lefts = progress.map(({ leftMs }) => leftMs);
    expect(lefts).toEqual(lefts.toSorted((a, b) => b - a));
    await eventually(() => sessionsOf(server)).toEqual([]);
  });

  it('stops a size early whose queue only grows', async () => {
    const traffic = { ...busy, arrivalsPerS: 200, kind: 'open' as const };
    const { results, trouble } = await run({ traffic, sizes: [2], seconds: 60 }).report;
    expect(trouble).toBeNull();
    expect(results).toMatchObject([
      { end: 'queueGrew', predicted: { meanWaitMs: null }, scatterShare: null },
    ]);
    expect(results[0]?.lastedMs).toBeLessThan(40_000);
    expect(results[0]?.unserved).toBeGreaterThan(0);
    await eventually(() => sessionsOf(server)).toEqual([]);
  }, 90_000);

  it('counts who gives up', async () => {
    const traffic = { ...busy, arrivalsPerS: 100, kind: 'open' as const };
    const { results } = await run({ traffic, sizes: [1], waitTimeoutMs: 200 }).report;
    expect(results[0]?.timeouts).toBeGreaterThan(0);
    expect(results[0]?.waitP95Ms).toBeGreaterThan(150);
  });

  it('keeps callers in a closed loop where the pool was full of them', async () => {
    const traffic: LabTraffic = { kind: 'callers', callers: 6, holdMs: 50, holdCs2: 0 };
    const { results } = await run({ traffic, sizes: [3] }).report;
    expect(results[0]).toMatchObject({ end: 'complete', timeouts: 0, scatterShare: null });
    expect(results[0]?.utilization).toBeGreaterThan(0.6);
    // No more than 3 in 50 ms each, for three seconds, were holds never cut shorter than they should be.
    expect(results[0]?.requests).toBeLessThan(360);
    expect(results[0]?.meanWaitMs).toBeGreaterThan(20);
  });

  it.each([
    ['while it opens connections', 0],
    ['while it warms up', 60],
    ['in the middle', 1500],
  ])('closes everything when it is cancelled %s', async (_when, afterMs) => {
    const stop = new AbortController();
    const { report } = run({
      signal: stop.signal,
      seconds: 60,
      traffic: { ...busy, holdMs: 5000 } as LabTraffic,
    });
    await sleep(afterMs);
    stop.abort(new EngineError('cancelled', 'Cancelled.'));
    expect((await report).trouble).toMatchObject({ code: 'cancelled' });
    await eventually(() => sessionsOf(server)).toEqual([]);
  });

  it('holds by short sleeps, so that no session sleeps on for long when the way to it is lost', async () => {
    const stop = new AbortController();
    const long: LabTraffic = { kind: 'open', arrivalsPerS: 60, holdMs: 300_000, holdCs2: 0, arrivalCs2: 1 };
    const { report } = run({ traffic: long, seconds: 60, signal: stop.signal });
    const sleeps = () =>
      server.admin(async (client) => {
        const { rows } = await client.query<{ pid: number; since: string }>(
          "SELECT pid, query_start::text AS since FROM pg_stat_activity WHERE wait_event = 'PgSleep' ORDER BY pid",
        );
        return rows;
      });
    await eventually(async () => (await sleeps()).length).toBe(4);
    const before = await sleeps();
    // The same sessions, held all the while, each in a sleep of its own that began since.
    await eventually(async () => {
      const now = await sleeps();
      return (
        now.length === 4 &&
        now.every(({ pid, since }, i) => pid === before[i]?.pid && since !== before[i]?.since)
      );
    }).toBe(true);
    stop.abort(new EngineError('cancelled', 'Cancelled.'));
    await report;
    await eventually(() => sessionsOf(server)).toEqual([]);
  });

  it('opens no further size where the room for it is gone', async () => {
    const full = new EngineError('too_many_connections', 'The server has no room.');
    const { results, trouble } = await run({
      sizes: [2, 3],
      requireRoom: () => Promise.reject(full),
    }).report;
    expect(results.map(({ size }) => size)).toEqual([2]);
    expect(trouble).toMatchObject({ code: 'too_many_connections', message: 'The server has no room.' });
  });

  it('opens many connections a few at a time, however short requests may wait', async () => {
    const { results, trouble } = await run({ sizes: [40], waitTimeoutMs: 100 }).report;
    expect(trouble).toBeNull();
    expect(results).toMatchObject([{ size: 40, end: 'complete' }]);
  });

  it('says in a sentence that the server refuses more, or the login', async () => {
    const openPool = (config: { password: () => string }) => (size: number) =>
      createScratchPool(server.draft(), size, async () => configFor(server, config), systemClock);
    const refused = await run({ openPool: openPool({ password: () => 'wrong' }) }).report;
    expect(refused).toMatchObject({ results: [], trouble: { code: 'auth_failed' } });
    const tooMany = await run({ sizes: [2, 300] }).report;
    expect(tooMany).toMatchObject({ results: [{ size: 2 }], trouble: { code: 'too_many_connections' } });
    await eventually(() => sessionsOf(server)).toEqual([]);
  });

  it('keeps what was measured when the server is lost, and says so in a sentence', async () => {
    const { report, progress } = run({ sizes: [3, 4], seconds: 3 });
    await eventually(() => progress.at(-1)?.place).toBe(2);
    await eventually(() => progress.at(-1)?.requests).toBeGreaterThan(0);
    await server.kill();
    const { results, trouble } = await report;
    expect(results[0]).toMatchObject({ size: 3, end: 'complete' });
    expect(results.slice(1).map(({ end }) => end)).toEqual(results.slice(1).map(() => 'cutShort'));
    expect(trouble?.code).toMatch(/^(connection_lost|connection_refused|server_unavailable)$/);
    expect(trouble?.message).toMatch(/\.$/);
    await server.start();
  });
});
