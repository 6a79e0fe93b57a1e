/**
 * What the engine costs: `node bench/engine.ts [--json]`. Starts a PostgreSQL server of its own;
 * exits with 1 when a bar is missed.
 *
 * - acquireOverheadRatio: statements per second through the instrumented pool over those through
 *   plain pg-pool, 10 concurrent loops of `SELECT 1` each. Rounds alternate within one run and the
 *   median of the paired ratios counts, so that what else the machine does hits both alike. Every
 *   feature is on that sends nothing to the server: event log, leak finder, breaker, retries,
 *   lifetime, uses, check after idleness, statements in the log.
 * - checkBeforeUseCostMs: what a check before every use adds to one statement alone.
 * - resizeServesWaitersMs: from raising the maximum to the first of those who wait being served,
 *   beside what opening one connection takes.
 * - idle50PoolsCpuPercent: 50 open pools with health checks every 5 s, sampled and kept once a
 *   second; processor time of this process in percent of one core.
 * - rssMb: memory of this process after that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createMemoryHistory } from '#engine/history/index.ts';
import { createPools } from '#engine/pools/index.ts';
import type { PoolSettings } from '#engine/pools/pool-settings.ts';
import { configFor, noConsoles, nothingSaved, poolFor } from '../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';

const concurrency = 10;
const pairs = 300;
const roundMs = 50;
const checkRounds = 40;
const resizeRounds = 30;
const idlePools = 50;
const idleSeconds = 30;

interface Queryable {
  query(text: string): Promise<unknown>;
}

/** Statements per second of concurrent loops over about `ms`. */
async function throughput(pool: Queryable, ms: number): Promise<number> {
  const startedMs = performance.now();
  let count = 0;
  const loop = async () => {
    while (performance.now() - startedMs < ms) {
      await pool.query('SELECT 1');
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return (count * 1000) / (performance.now() - startedMs);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

async function measureOverhead(server: TestServer) {
  const settings = { min: 0, max: concurrency, waitTimeoutMs: 30_000, idleTimeoutMs: 0 };
  const features: Partial<PoolSettings> = {
    ...{ overflow: 5, maxLifetimeMs: 3_600_000, maxUses: 1_000_000_000, checkBeforeUse: 'when-idle' },
    ...{ onRelease: 'rollback', leakThresholdMs: 1000, logStatements: true },
  };
  const plain = new pg.Pool({
    ...configFor(server),
    max: settings.max,
    connectionTimeoutMillis: settings.waitTimeoutMs,
    idleTimeoutMillis: settings.idleTimeoutMs,
  });
  const instrumented = poolFor(server, { ...settings, ...features });
  await throughput(plain, 1500);
  await throughput(instrumented, 1500);
  const rates = { plain: [] as number[], instrumented: [] as number[], ratio: [] as number[] };
  for (let pair = 0; pair < pairs; pair += 1) {
    // Who comes first changes, so that neither always follows the other's garbage.
    const plainFirst = pair % 2 === 0;
    const first = await throughput(plainFirst ? plain : instrumented, roundMs);
    const second = await throughput(plainFirst ? instrumented : plain, roundMs);
    const [a, b] = plainFirst ? [first, second] : [second, first];
    rates.plain.push(a);
    rates.instrumented.push(b);
    rates.ratio.push(b / a);
    // As the sampler does; else the meter would collect for the whole run.
    instrumented.takeSample(null);
  }
  await plain.end();
  await instrumented.end(2000);
  return {
    acquireOverheadRatio: median(rates.ratio),
    plainPerSecond: median(rates.plain),
    instrumentedPerSecond: median(rates.instrumented),
  };
}

/** Milliseconds of one statement alone, one after another. */
async function latencyMs(pool: Queryable, count: number): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < count; index += 1) await pool.query('SELECT 1');
  return (performance.now() - startedMs) / count;
}

async function measureCheck(server: TestServer): Promise<number> {
  const unchecked = poolFor(server, { max: 1 });
  const checked = poolFor(server, { max: 1, checkBeforeUse: 'always' });
  await latencyMs(unchecked, 500);
  await latencyMs(checked, 500);
  const costs: number[] = [];
  for (let round = 0; round < checkRounds; round += 1)
    costs.push((await latencyMs(checked, 50)) - (await latencyMs(unchecked, 50)));
  await Promise.all([unchecked.end(2000), checked.end(2000)]);
  return median(costs);
}

/** Both from the same rounds: the figure is judged against one connect time. */
async function measureResize(server: TestServer): Promise<{ servedMs: number; connectMs: number }> {
  const served: number[] = [];
  const connects: number[] = [];
  for (let round = 0; round < resizeRounds; round += 1) {
    const pool = poolFor(server, { max: 1 });
    const startedMs = performance.now();
    const holder = await pool.connect();
    connects.push(performance.now() - startedMs);
    const waiting = Array.from({ length: 3 }, () => pool.connect());
    const raisedMs = performance.now();
    pool.apply({ ...pool.settings, max: 4 });
    await waiting[0];
    served.push(performance.now() - raisedMs);
    for (const client of [holder, ...(await Promise.all(waiting))]) client.release();
    await pool.end(2000);
  }
  return { servedMs: median(served), connectMs: median(connects) };
}

async function measureIdle(server: TestServer) {
  const log = silentLogger();
  const events = createEventBus((error) => {
    throw error;
  });
  const history = createMemoryHistory({ events });
  const profile = server.draft();
  const ids = Array.from({ length: idlePools }, (_, index) => `pool-${index}`);
  const pools = createPools({
    events,
    log,
    clock: systemClock,
    listProfiles: () => ids.map((profileId) => ({ profileId })),
    getProfile: () => profile,
    connectionConfig: async () => configFor(server),
    ...noConsoles,
    ...nothingSaved,
  });
  const statuses = await Promise.all(ids.map((profileId) => pools.open(profileId)));
  const unhealthy = statuses.filter(({ health }) => health.state === 'unhealthy').length;
  if (unhealthy > 0) throw new Error(`${unhealthy} of ${idlePools} pools did not open.`);
  await sleep(3000);
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await sleep(idleSeconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedMs;
  const rssMb = process.memoryUsage.rss() / 2 ** 20;
  const samples = ids.reduce((sum, id) => sum + history.samplesOf(id, 0, Date.now()).length, 0);
  await pools.closeEverything(2000);
  history.close();
  return {
    idle50PoolsCpuPercent: (user + system) / 10 / elapsedMs,
    rssMb,
    samplesPerPoolPerSecond: samples / idlePools / (idleSeconds + 3),
  };
}

const server = await startTestServer({ settings: { max_connections: '150' } });
try {
  const overhead = await measureOverhead(server);
  const checkBeforeUseCostMs = await measureCheck(server);
  const { servedMs, connectMs } = await measureResize(server);
  const idle = await measureIdle(server);
  report({
    acquireOverheadRatio: { measured: overhead.acquireOverheadRatio, digits: 3, bar: { atLeast: 0.95 } },
    checkBeforeUseCostMs: { measured: checkBeforeUseCostMs, digits: 3 },
    resizeServesWaitersMs: { measured: servedMs, digits: 1, bar: { atMost: Math.round(connectMs + 20) } },
    connectMs: { measured: connectMs, digits: 1 },
    idle50PoolsCpuPercent: { measured: idle.idle50PoolsCpuPercent, digits: 2, bar: { atMost: 5 } },
    rssMb: { measured: idle.rssMb },
    plainPerSecond: { measured: overhead.plainPerSecond },
    instrumentedPerSecond: { measured: overhead.instrumentedPerSecond },
    samplesPerPoolPerSecond: { measured: idle.samplesPerPoolPerSecond, digits: 2 },
  });
} finally {
  await server.stop();
}
