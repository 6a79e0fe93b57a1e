/**
 * What the engine costs: `node bench/engine.ts [--json]`. Starts a PostgreSQL server of its own;
 * exits with 1 when a bar is missed.
 *
 * - acquireOverheadRatio: statements per second through the instrumented pool over those through
 *   plain pg-pool, 10 concurrent loops of `SELECT 1` each. Rounds alternate within one run and the
 *   median of the paired ratios counts, so that what else the machine does hits both alike.
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
import { configFor, noConsoles, nothingSaved, poolFor } from '../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';

const concurrency = 10;
const pairs = 300;
const roundMs = 50;
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
  const settings = { min: 0, max: concurrency, waitTimeoutMs: 30_000, idleTimeoutMs: 0, maxLifetimeMs: 0 };
  const plain = new pg.Pool({
    ...configFor(server),
    max: settings.max,
    connectionTimeoutMillis: settings.waitTimeoutMs,
    idleTimeoutMillis: settings.idleTimeoutMs,
  });
  const instrumented = poolFor(server, settings);
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
  const idle = await measureIdle(server);
  report({
    acquireOverheadRatio: { measured: overhead.acquireOverheadRatio, digits: 3, bar: { atLeast: 0.95 } },
    idle50PoolsCpuPercent: { measured: idle.idle50PoolsCpuPercent, digits: 2, bar: { atMost: 5 } },
    rssMb: { measured: idle.rssMb },
    plainPerSecond: { measured: overhead.plainPerSecond },
    instrumentedPerSecond: { measured: overhead.instrumentedPerSecond },
    samplesPerPoolPerSecond: { measured: idle.samplesPerPoolPerSecond, digits: 2 },
  });
} finally {
  await server.stop();
}
