/**
 * How soon one sees something: `node bench/startup.ts [--json]`. Builds the app when it is not built,
 * and starts a PostgreSQL server of its own; exits with 1 when a bar is missed.
 *
 * - serveReadyMs: from starting the built web shell on a fresh data folder to its ready line; median
 *   of 5 runs.
 * - firstPointMs: from asking to open a pool to the first batch of samples that holds it, over the
 *   WebSocket; median of 5, begun at different moments of the sampler's second. The worst counts
 *   too: a median would hide a moment at which one waits for a second tick.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteAnswer, RouteInput, RouteName } from '#shared/contract/routes.ts';
import { createSocketBridge, type SocketBridge } from '../src/renderer/bridge/socket-bridge.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { pageConnect, signIn } from '../tests/support/web-page.ts';
import { report } from './report.ts';
import { ensureBuilt, serve, stop, withFolder } from './server/web-shell.ts';

const runs = 5;

async function measureReady(): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    times.push(
      await withFolder(async (folder) => {
        const started = await serve(folder);
        await stop(started);
        return started.readyMs;
      }),
    );
  }
  return times;
}

async function ask<K extends RouteName>(bridge: SocketBridge, route: K, input: RouteInput<K>) {
  const answer = await bridge.request(route, input, crypto.randomUUID());
  if (answer.ok) return answer.data as RouteAnswer<K>;
  throw new Error(answer.error.message);
}

async function measureFirstPoint(server: TestServer): Promise<number[]> {
  return withFolder(async (folder) => {
    const started = await serve(folder);
    const { origin } = new URL(started.url);
    const bridge = createSocketBridge(pageConnect(origin, await signIn(started.url)));
    try {
      const password = { kind: 'set', value: server.password } as const;
      const { profileId } = await ask(bridge, 'profiles.create', { draft: server.draft(), password });
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        await sleep((run * 1000) / runs);
        times.push(await firstPoint(bridge, profileId));
        await ask(bridge, 'pools.close', { profileId });
      }
      return times;
    } finally {
      bridge.close();
      await stop(started);
    }
  });
}

async function firstPoint(bridge: SocketBridge, profileId: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = bridge.on('samples.tick', ({ samples }) => {
    if (samples.some((sample) => sample.profileId === profileId)) resolve();
  });
  const askedMs = performance.now();
  const { error } = await ask(bridge, 'pools.open', { profileId });
  if (error !== null) throw new Error(error.message);
  await promise;
  unsubscribe();
  return performance.now() - askedMs;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

ensureBuilt();
const ready = await measureReady();
const server = await startTestServer();
const points = await measureFirstPoint(server).finally(() => server.stop());

report({
  serveReadyMs: { measured: median(ready), bar: { atMost: 1000 } },
  serveReadyWorstMs: { measured: Math.max(...ready) },
  firstPointMs: { measured: median(points), bar: { atMost: 1500 } },
  firstPointWorstMs: { measured: Math.max(...points), bar: { atMost: 1500 } },
});
