import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { evidenceOf } from '../../../../tests/support/advice.ts';
import { poolFor } from '../../../../tests/support/pools.ts';
import { startTestServer } from '../../../../tests/support/postgres-server.ts';
import { advise } from './advise.ts';

const loadMs = 8000;

/**
 * Six minutes made of the same measured seconds over and over: what is tested is what the advice makes
 * of a real pool, which needs no six minutes of waiting. How near the model comes is `bench:advice`.
 */
const repeated = (samples: readonly PoolSample[]): PoolSample[] =>
  Array.from({ length: 360 }, (_, second) => ({
    ...(samples[second % samples.length] as PoolSample),
    atMs: 60_000 * 1000 + second * 1000 + 500,
  }));

test('a real pool that is asked for nearly all it can do is too small, and its waits are of the size predicted', async () => {
  const server = await startTestServer();
  const pool = poolFor(server, { min: 2, max: 2, waitTimeoutMs: 60_000 });
  try {
    await Promise.all([1, 2].map(() => pool.query('SELECT pg_sleep(0.1)')));
    const underWay = new Set<Promise<unknown>>();
    const samples: PoolSample[] = [];
    pool.takeSample(null);
    const startedMs = performance.now();
    let [askMs, sampleMs] = [0, 1000];
    // At moments of their own, whether or not earlier ones are answered: 34 a second for 50 ms each.
    while (askMs < loadMs) {
      await sleep(Math.max(0, startedMs + askMs - performance.now()));
      const holdS = -Math.log(1 - Math.random()) * 0.05;
      const asked = pool.query('SELECT pg_sleep($1)', [holdS]).finally(() => underWay.delete(asked));
      underWay.add(asked);
      askMs += -Math.log(1 - Math.random()) * 29;
      if (performance.now() - startedMs < sampleMs) continue;
      samples.push(pool.takeSample(null));
      sampleMs += 1000;
    }
    await Promise.all(underWay);
    const advice = await advise(evidenceOf(repeated(samples)));
    expect(advice).toMatchObject({ verdict: 'tooSmall', settings: { max: 2 } });
    expect(advice.recommended?.max).toBeGreaterThan(2);
    const predicted = advice.predictions.find(({ size }) => size === 2)?.meanWaitMs ?? null;
    const measured = advice.measuredWait?.meanMs ?? 0;
    expect(measured).toBeGreaterThan(1);
    // A machine so busy that holds take longer asks for more than the pool can do: then there is no mean.
    if (predicted !== null) {
      expect(predicted).toBeGreaterThan(measured / 10);
      expect(predicted).toBeLessThan(measured * 10);
    }
  } finally {
    await pool.end(5000);
    await server.stop();
  }
}, 90_000);
