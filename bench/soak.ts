/**
 * Whether the engine's pools last: `node bench/soak.ts [--minutes N] [--json]`. Starts a PostgreSQL
 * server of its own; exits with 1 when a bar is missed. 50 pools under random load, with restarts of
 * the server and changes of size, drains and password changes among them; every feature is on.
 *
 * - heapGrowthMb: heap after a collection at the end, over that after the first tenth of the time.
 * - handlesLeft: sockets and timers of this process after every pool was closed, over those before.
 * - unbalanced: pools whose counters do not balance at rest (opened = open + closed, acquired =
 *   released), or that the server disagrees with.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PoolClient } from 'pg';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { databaseErrorOf } from '#engine/base/pg-errors.ts';
import { createPools } from '#engine/pools/index.ts';
import { checkModes, releaseActions, reuseOrders } from '#shared/model/profile/pool.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { configFor, noConsoles, nothingSaved, sessionsOf } from '../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';

const poolCount = 50;
const restartEveryMs = 40_000;
const resizeEveryMs = 500;
const tellEveryMs = 60_000;

const minutesAt = process.argv.indexOf('--minutes');
const minutes = minutesAt < 0 ? 20 : Number(process.argv[minutesAt + 1]);
if (!(minutes > 0)) throw new Error('--minutes wants a number of minutes, as in --minutes 3.');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = () => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)] as T;
const upTo = (most: number) => Math.floor(Math.random() * (most + 1));

function settings(server: TestServer, index: number): ProfileDraft {
  const max = 1 + upTo(2);
  return server.draft({
    ...{ max, min: upTo(Math.min(1, max)), overflow: upTo(1), reuseOrder: pick(reuseOrders) },
    ...{ onRelease: pick(releaseActions), checkBeforeUse: pick(checkModes), checkIdleMs: 200 },
    ...{ maxLifetimeMs: 5000 + upTo(20_000), maxUses: pick([0, 50]), idleTimeoutMs: 2000 + upTo(5000) },
    ...{ waitTimeoutMs: 5000, connectTimeoutMs: 2000, leakThresholdMs: 1000, logStatements: true },
    ...{ retries: 2, retryDelayMs: 100, breakerThreshold: 5, breakerHalfOpenMs: 1000 },
    ...{ healthIntervalMs: 2000, healthTimeoutMs: 2000, applicationName: `soak ${index}` },
  });
}

/** What one user of a pool does; failures are part of it. */
async function oneUse(poolOf: () => Pick<ReturnType<typeof pools.poolOf>, 'connect' | 'query'>) {
  const kind = Math.random();
  if (kind < 0.6) {
    await poolOf().query('SELECT count(*) FROM generate_series(1, $1::int)', [1 + upTo(500)]);
    return;
  }
  const impatience = kind < 0.65 ? AbortSignal.timeout(upTo(20)) : undefined;
  const client: PoolClient = await poolOf().connect({
    holder: 'soak',
    ...(impatience && { signal: impatience }),
  });
  try {
    if (kind < 0.8) await client.query('BEGIN; SELECT pg_sleep(0.005)');
    else await client.query('SELECT pg_sleep(0.01)');
    if (kind >= 0.97) throw new Error('no longer wanted');
    // Now and then inside the transaction, as careless code does.
    if (kind < 0.8 && kind > 0.67) await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(error as Error);
  }
}

const server = await startTestServer({ settings: { max_connections: '400' } });
const handlesBefore = process.getActiveResourcesInfo().length;
const profiles = new Map<string, ProfileDraft>(
  Array.from({ length: poolCount }, (_, index) => [`pool-${index}`, settings(server, index)] as const),
);
const profileOf = (profileId: string) => {
  const draft = profiles.get(profileId);
  if (draft === undefined) throw new Error(`There is no ${profileId}.`);
  return draft;
};
const events = createEventBus((error) => {
  throw error;
});
const sums = new Map<string, { opened: number; closed: number; acquired: number; released: number }>();
events.on('samples.tick', ({ samples }) => {
  for (const sample of samples) {
    const sum = sums.get(sample.profileId) ?? { opened: 0, closed: 0, acquired: 0, released: 0 };
    for (const name of ['opened', 'closed', 'acquired', 'released'] as const) sum[name] += sample[name];
    sums.set(sample.profileId, sum);
  }
});
const pools = createPools({
  events,
  log: silentLogger(),
  clock: systemClock,
  listProfiles: () => [...profiles.keys()].map((profileId) => ({ profileId })),
  getProfile: profileOf,
  connectionConfig: async (profileId) =>
    configFor(server, { application_name: profileOf(profileId).applicationName }),
  ...noConsoles,
  ...nothingSaved,
});

/** Null when all agree within some seconds: a health check or a reset may be under way at any moment. */
async function whatDoesNotBalance(profileId: string): Promise<string | null> {
  let figures = '';
  for (let attempt = 1; attempt <= 50; attempt += 1) {
    const pool = pools.poolOf(profileId);
    const { totals, held } = pool.details();
    const open = pool.openCount;
    const sum = sums.get(profileId);
    const sessions = (await sessionsOf(server, profileOf(profileId).applicationName)).length;
    const isQuiet = held.length === 0 && open === pool.openCount;
    const agrees = totals.opened - totals.closed === open && sessions === open;
    if (isQuiet && agrees && sum !== undefined && sum.acquired === sum.released) return null;
    figures = JSON.stringify({ ...totals, held: held.length, open, sessions, sum });
    await sleep(200);
  }
  return figures;
}

const stopping = new AbortController();
const { signal } = stopping;
const until = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});
const counts = { requests: 0, failures: 0, restarts: 0, resizes: 0, passwordChanges: 0 };

/** By code: restarts and a slow machine show as these, never as `internal`. */
const failures: Record<string, number> = {};

async function load(profileId: string): Promise<void> {
  while (!signal.aborted) {
    counts.requests += 1;
    await oneUse(() => pools.poolOf(profileId)).catch((error) => {
      counts.failures += 1;
      const code = databaseErrorOf(error)?.code ?? 'other';
      failures[code] = (failures[code] ?? 0) + 1;
    });
    await until(upTo(200));
  }
}

async function change(): Promise<void> {
  while (!signal.aborted) {
    await until(resizeEveryMs);
    const profileId = `pool-${upTo(poolCount - 1)}`;
    const before = profileOf(profileId);
    const max = 1 + upTo(3);
    const after = { ...before, max, min: upTo(1), overflow: upTo(2), onRelease: pick(releaseActions) };
    profiles.set(profileId, after);
    const passwordChanged = Math.random() < 0.1;
    const change = { kind: 'updated', passwordChanged } as const;
    const identity = { profileId, kind: 'user' } as const;
    await pools.profileChanged({
      ...change,
      profile: { ...after, ...identity },
      previous: { ...before, ...identity },
    });
    counts.resizes += 1;
    if (passwordChanged) counts.passwordChanges += 1;
  }
}

async function restart(): Promise<void> {
  for (;;) {
    await until(restartEveryMs);
    if (signal.aborted) return;
    await server.kill();
    await sleep(1000 + upTo(2000));
    await server.start();
    counts.restarts += 1;
  }
}

try {
  const endsAtMs = performance.now() + minutes * 60_000;
  await Promise.all([...profiles.keys()].map((profileId) => pools.open(profileId)));
  const work = [...profiles.keys()].flatMap((profileId) => [1, 2, 3, 4].map(() => load(profileId)));
  work.push(change(), restart());
  await sleep((minutes * 60_000) / 10);
  const firstHeapMb = heapMb();
  let toldMs = performance.now();
  while (performance.now() < endsAtMs) {
    await sleep(1000);
    if (performance.now() - toldMs < tellEveryMs) continue;
    toldMs = performance.now();
    const leftMinutes = Math.round((endsAtMs - toldMs) / 60_000);
    process.stderr.write(
      `heap ${heapMb().toFixed(1)} MB, ${JSON.stringify(counts)}, ${leftMinutes} min left\n`,
    );
  }
  stopping.abort();
  await Promise.all(work);
  process.stderr.write(`failures by code: ${JSON.stringify(failures)}\n`);
  // Abandoned requests may have connections under way still, and the last sample must be taken.
  await sleep(6000);
  const lastHeapMb = heapMb();
  let unbalanced = 0;
  for (const profileId of profiles.keys()) {
    const failure = await whatDoesNotBalance(profileId);
    if (failure === null) continue;
    unbalanced += 1;
    process.stderr.write(`${profileId} does not balance: ${failure}\n`);
  }
  await pools.closeEverything(2000);
  await sleep(1000);
  const handlesLeft = process.getActiveResourcesInfo().length - handlesBefore;
  report({
    unbalanced: { measured: unbalanced, bar: { atMost: 0 } },
    heapGrowthMb: { measured: lastHeapMb - firstHeapMb, digits: 1, bar: { atMost: 20 } },
    handlesLeft: { measured: handlesLeft, bar: { atMost: 0 } },
    heapMb: { measured: lastHeapMb, digits: 1 },
    requests: { measured: counts.requests },
    failures: { measured: counts.failures },
    restarts: { measured: counts.restarts },
    resizes: { measured: counts.resizes },
    passwordChanges: { measured: counts.passwordChanges },
  });
} finally {
  stopping.abort();
  await pools.closeEverything(500);
  await server.stop();
}
