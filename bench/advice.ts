/**
 * How near the predicted waits come to a real pool's: `node bench/advice.ts [--json] [--seconds n]`.
 * Starts a PostgreSQL server of its own and asks the instrumented pool for connections at independent
 * random moments (open loop), each held for a `pg_sleep` of 20 ms on average. Exits with 1 when a bar
 * is missed; the bar is within 20 % where utilization is over 0.6, so run it on a machine at rest.
 *
 * - <hold><size>MeanOff, <hold><size>P95Off: predicted over measured, less 1, as a share without sign.
 * - the same with Measured and Predicted: milliseconds; Utilization: share of the pool.
 * - recommendedWaitP95Ms: p95 wait at the size recommended for a target of 20 ms, measured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { demandOf, trafficOf } from '#engine/advisor/demand.ts';
import type { InstrumentedPool } from '#engine/pools/instrumented-pool.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { predictWait, smallestSize, type Traffic } from '#shared/model/sizing/queue.ts';
import { measuredOf } from '../tests/support/advice.ts';
import { poolFor } from '../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { seededRandom } from './history/busy-pool.ts';
import { type Figure, report } from './report.ts';

const arrivalsPerS = 150;
const meanHoldMs = 20;
const targetWaitMs = 20;
const secondsAt = process.argv.indexOf('--seconds');
/**
 * How long each size with a bar is loaded. Waits of one busy spell are alike: at a utilization of 0.8 the
 * mean of so many requests (22,500) still scatters by 7 % (the asymptotic variance of an M/M/1 queue,
 * Whitt 1989, "Planning queueing simulations"), that of a quarter of them by twice that.
 */
const seconds = secondsAt < 0 ? 150 : Math.max(32, Number(process.argv[secondsAt + 1]));
const secondsWithoutBar = 40;
const warmUpMs = 3000;

type Hold = 'exponential' | 'fixed';
const random = seededRandom(11);

/** Asks at the moments of a Poisson stream whether or not earlier ones are answered. */
async function load(pool: InstrumentedPool, hold: Hold, ms: number): Promise<void> {
  const startedMs = performance.now();
  const underWay = new Set<Promise<unknown>>();
  let atMs = 0;
  while (atMs < ms) {
    const aheadMs = startedMs + atMs - performance.now();
    if (aheadMs > 1) await sleep(aheadMs);
    const holdMs = hold === 'fixed' ? meanHoldMs : -Math.log(1 - random()) * meanHoldMs;
    const asked = pool.query('SELECT pg_sleep($1)', [holdMs / 1000]).finally(() => underWay.delete(asked));
    underWay.add(asked);
    atMs += (-Math.log(1 - random()) * 1000) / arrivalsPerS;
  }
  await Promise.all(underWay);
}

/** Samples of a pool under load, one a second, connected and warm. */
async function sampled(
  server: TestServer,
  { size, hold, seconds }: { size: number; hold: Hold; seconds: number },
): Promise<PoolSample[]> {
  const pool = poolFor(server, { min: size, max: size, waitTimeoutMs: 60_000, idleTimeoutMs: 0 });
  await load(pool, hold, warmUpMs);
  pool.takeSample(null);
  const samples: PoolSample[] = [];
  const timer = setInterval(() => samples.push(pool.takeSample(null)), 1000);
  await load(pool, hold, seconds * 1000);
  clearInterval(timer);
  await pool.end(2000);
  return samples;
}

/** On a clock that begins with a minute: the advisor wants half of one at least. */
const restamped = (samples: readonly PoolSample[]): PoolSample[] =>
  samples.map((sample, second) => ({ ...sample, atMs: 60_000 * 1000 + second * 1000 + 500 }));

/** What the advisor reads off the samples, over all of them rather than their busy minute. */
async function trafficIn(
  samples: PoolSample[],
): Promise<{ traffic: Traffic; meanMs: number; p95Ms: number }> {
  const measured = measuredOf(restamped(samples));
  const demand = await demandOf(measured, measured.minutes);
  const coveredMs = samples.reduce((sum, { intervalMs }) => sum + intervalMs, 0);
  const acquired = samples.reduce((sum, sample) => sum + sample.acquired, 0);
  if (demand === null) throw new Error('The load was not sampled.');
  return {
    traffic: {
      ...trafficOf(demand),
      arrivalsPerS: (acquired * 1000) / coveredMs,
      holdMs: meanMs(measured.holdMs) ?? 0,
    },
    meanMs: meanMs(measured.waitMs) ?? 0,
    p95Ms: percentileMs(measured.waitMs, 0.95) ?? 0,
  };
}

const server = await startTestServer();
try {
  const figures: Record<string, Figure> = {};
  let recommended = 0;
  for (const hold of ['exponential', 'fixed'] as const) {
    for (const [size, forSeconds] of [
      [4, seconds],
      [5, seconds],
      [6, secondsWithoutBar],
    ] as const) {
      const load = { size, hold, seconds: forSeconds };
      const { traffic, meanMs: mean, p95Ms: p95 } = await trafficIn(await sampled(server, load));
      const { utilization, meanWaitMs, waitP95Ms } = predictWait(traffic, size);
      const off = (predicted: number | null, measured: number): Figure => ({
        measured: Math.abs((predicted ?? Number.POSITIVE_INFINITY) / measured - 1),
        digits: 3,
        ...(utilization > 0.6 ? { bar: { atMost: 0.2 } } : {}),
      });
      const name = `${hold}${size}`;
      figures[`${name}Utilization`] = { measured: utilization, digits: 3 };
      figures[`${name}MeanMeasured`] = { measured: mean, digits: 2 };
      figures[`${name}MeanPredicted`] = { measured: meanWaitMs ?? Number.NaN, digits: 2 };
      figures[`${name}MeanOff`] = off(meanWaitMs, mean);
      figures[`${name}P95Measured`] = { measured: p95, digits: 2 };
      figures[`${name}P95Predicted`] = { measured: waitP95Ms ?? Number.NaN, digits: 2 };
      figures[`${name}P95Off`] = off(waitP95Ms, p95);
      if (hold === 'exponential' && size === 4) recommended = smallestSize(traffic, targetWaitMs) ?? 0;
    }
  }
  const then = await trafficIn(await sampled(server, { size: recommended, hold: 'exponential', seconds }));
  figures.recommendedSize = { measured: recommended };
  figures.recommendedWaitP95Ms = { measured: then.p95Ms, digits: 2, bar: { atMost: targetWaitMs } };
  report(figures);
} finally {
  await server.stop();
}
