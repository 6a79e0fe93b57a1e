/**
 * How near the predicted waits come to a real pool's: `node bench/advice.ts [--json] [--seconds n]`.
 * Starts a PostgreSQL server of its own and asks the instrumented pool for connections at independent
 * random moments (open loop), each held for a `pg_sleep` of 20 ms on average. Exits with 1 when a bar
 * is missed; the bar is within 20 % where utilization is over 0.6, so run it on a machine at rest.
 *
 * Each size with a bar is loaded three times, by other arrivals each time, and the median is what counts: of
 * one run one learns as much of the luck of its arrivals as of the formula.
 *
 * - <hold><size>MeanOff, <hold><size>P95Off: predicted over measured, less 1, as a share without sign; Worst: of
 *   the three the one that is furthest off.
 * - the same with Measured and Predicted: milliseconds; Utilization: share of the pool.
 * - recommendedWaitP95Ms: p95 wait at the size recommended for a target of 20 ms, measured three times, median.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { demandOf, trafficOf } from '#engine/advisor/demand.ts';
import type { InstrumentedPool } from '#engine/pools/instrumented-pool.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { seededRandom } from '#shared/model/seeded-random.ts';
import { predictWait, smallestSize, type Traffic } from '#shared/model/sizing/queue.ts';
import { measuredOf } from '../tests/support/advice.ts';
import { poolFor } from '../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { type Figure, report } from './report.ts';

const arrivalsPerS = 150;
const meanHoldMs = 20;
const targetWaitMs = 20;
const secondsAt = process.argv.indexOf('--seconds');
/**
 * How long each size with a bar is loaded. Waits of one busy spell are alike: at a utilization of 0.8 the
 * mean of so many requests (15,000) still scatters by 8 % (the asymptotic variance of an M/M/1 queue,
 * Whitt 1989, "Planning queueing simulations"), that of a quarter of them by twice that.
 */
const seconds = secondsAt < 0 ? 100 : Math.max(32, Number(process.argv[secondsAt + 1]));
const runsWithBar = 3;
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

interface Run {
  utilization: number;
  /** Milliseconds, as measured and as predicted. */
  mean: [number, number];
  p95: [number, number];
  traffic: Traffic;
}

async function runOf(server: TestServer, size: number, hold: Hold, forSeconds: number): Promise<Run> {
  const measured = await trafficIn(await sampled(server, { size, hold, seconds: forSeconds }));
  const { utilization, meanWaitMs, waitP95Ms } = predictWait(measured.traffic, size);
  return {
    utilization,
    mean: [measured.meanMs, meanWaitMs ?? Number.POSITIVE_INFINITY],
    p95: [measured.p95Ms, waitP95Ms ?? Number.POSITIVE_INFINITY],
    traffic: measured.traffic,
  };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const offOf = ([measured, predicted]: [number, number]) => Math.abs(predicted / measured - 1);

function figuresOf(name: string, runs: readonly Run[]): Record<string, Figure> {
  const utilization = median(runs.map((run) => run.utilization));
  const bar = utilization > 0.6 ? { bar: { atMost: 0.2 } } : {};
  const figures: Record<string, Figure> = { [`${name}Utilization`]: { measured: utilization, digits: 3 } };
  for (const [key, title] of [
    ['mean', 'Mean'],
    ['p95', 'P95'],
  ] as const) {
    const offs = runs.map((run) => offOf(run[key]));
    figures[`${name}${title}Measured`] = { measured: median(runs.map((run) => run[key][0])), digits: 2 };
    figures[`${name}${title}Predicted`] = { measured: median(runs.map((run) => run[key][1])), digits: 2 };
    figures[`${name}${title}Off`] = { measured: median(offs), digits: 3, ...bar };
    figures[`${name}${title}OffWorst`] = { measured: Math.max(...offs), digits: 3 };
  }
  return figures;
}

const server = await startTestServer();
try {
  const figures: Record<string, Figure> = {};
  let recommended = 0;
  /** By size, with holds at random. */
  const atRandom = new Map<number, Run[]>();
  for (const hold of ['exponential', 'fixed'] as const) {
    for (const [size, count, forSeconds] of [
      [4, runsWithBar, seconds],
      [5, runsWithBar, seconds],
      [6, 1, secondsWithoutBar],
    ] as const) {
      const runs: Run[] = [];
      while (runs.length < count) runs.push(await runOf(server, size, hold, forSeconds));
      Object.assign(figures, figuresOf(`${hold}${size}`, runs));
      if (hold === 'fixed') continue;
      if (count === runsWithBar) atRandom.set(size, runs);
      const [first] = runs;
      if (size === 4 && first !== undefined) recommended = smallestSize(first.traffic, targetWaitMs) ?? 0;
    }
  }
  const then = atRandom.get(recommended) ?? [];
  while (then.length < runsWithBar) then.push(await runOf(server, recommended, 'exponential', seconds));
  figures.recommendedSize = { measured: recommended };
  figures.recommendedWaitP95Ms = {
    measured: median(then.map((run) => run.p95[0])),
    digits: 2,
    bar: { atMost: targetWaitMs },
  };
  report(figures);
} finally {
  await server.stop();
}
