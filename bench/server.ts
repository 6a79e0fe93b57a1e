/**
 * What watching a server costs it: `node bench/server.ts [--json]`. Starts PostgreSQL servers of its
 * own; needs Debian's `pg-activity` and `prometheus-postgres-exporter`, each given a role of its own so
 * that pg_stat_statements tells their work from ours. Exits with 1 when a bar is missed.
 *
 * - sampleServerMs: the server's execution time for one full sample of 200 mixed sessions, 20 of them
 *   waiting for a lock, median of 14 rounds; at most that of either peer in the same rounds.
 * - roundTripsPerSample: requests sent for it.
 * - sample2000Ms: with 2,000 sessions, from asking to a list in the renderer's form, over JSON as the
 *   web shell sends it, every session sent anew; median of ten.
 * - update2000Ms: the same for a sample in which a tenth of them changed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#engine/base/clock.ts';
import { lookAtServer } from '#engine/sessions/server/look.ts';
import { MonitorConnection } from '#engine/sessions/server/monitor-connection.ts';
import { ServerSampler } from '#engine/sessions/server/sampler.ts';
import { SampleSequence } from '#engine/sessions/watch/sample-sequence.ts';
import type { SessionsSample } from '#shared/contract/sessions.ts';
import { nextSessionList, type SessionList } from '#shared/model/sessions/session-list.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';
import { openMixedSessions } from './server/load.ts';
import { startExporter, startPgActivity } from './server/peers.ts';

const password = 'bench';
const roles = { own: 'own_monitor', activity: 'peer_pg_activity', exporter: 'peer_exporter' };
const rounds = 15;
/** As often as pg_activity looks by itself. */
const roundMs = 2000;

const signal = new AbortController().signal;

async function connect(server: TestServer, user: string) {
  const { host, port, database } = server;
  const secret = () => (user === server.user ? server.password : password);
  const config = { host, port, database, user, password: secret, ssl: false };
  const connection = await MonitorConnection.open(config, signal, () => {});
  const look = await lookAtServer(connection);
  await connection.keepLimits(look.facts.versionNum);
  return { connection, sampler: new ServerSampler(connection, look, systemClock) };
}

interface Spent {
  ms: number;
  looks: number;
}

/** Execution time of everything each role ran so far, and how often pg_activity listed the sessions. */
async function spent(server: TestServer): Promise<Map<string, Spent>> {
  const text = `SELECT rolname AS role, sum(total_exec_time) AS ms,
      coalesce(sum(calls) FILTER (WHERE query ~ 'a.pid AS pid'), 0)::int AS looks
    FROM pg_stat_statements JOIN pg_roles r ON r.oid = userid GROUP BY 1`;
  const { rows } = await server.admin((admin) => admin.query<Spent & { role: string }>(text));
  return new Map(rows.map(({ role, ms, looks }) => [role, { ms, looks }]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** All three look in every round, so that what else this machine does hits them alike; medians of rounds. */
async function compare() {
  const server = await startTestServer({
    settings: { max_connections: '260', shared_preload_libraries: 'pg_stat_statements' },
  });
  try {
    await server.admin(async (admin) => {
      await admin.query('CREATE EXTENSION pg_stat_statements');
      for (const role of Object.values(roles)) {
        await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}' IN ROLE pg_monitor`);
      }
    });
    const load = await openMixedSessions(server, {
      idle: 130,
      idleInTransaction: 25,
      active: 24,
      blocked: 20,
    });
    const { connection, sampler } = await connect(server, roles.own);
    const peers = [
      startPgActivity(server, roles.activity, password),
      await startExporter(server, roles.exporter, password),
    ];
    const perSample: Record<keyof typeof roles, number[]> = { own: [], activity: [], exporter: [] };
    let roundTrips = 0;
    let before = await spent(server);
    for (let round = 0; round < rounds; round += 1) {
      await sleep(roundMs);
      roundTrips = Math.max(roundTrips, (await sampler.take()).roundTrips);
      for (const peer of peers) await peer.sample();
      const now = await spent(server);
      // The first look of each has more to find out.
      for (const [tool, role] of Object.entries(roles) as [keyof typeof roles, string][]) {
        const ms = (now.get(role)?.ms ?? 0) - (before.get(role)?.ms ?? 0);
        const looks = tool === 'activity' ? (now.get(role)?.looks ?? 0) - (before.get(role)?.looks ?? 0) : 1;
        if (round > 0 && looks > 0) perSample[tool].push(ms / looks);
      }
      before = now;
    }
    for (const peer of peers) await peer.stop();
    await connection.end();
    await load.end();
    return {
      own: { ms: median(perSample.own), roundTrips },
      activity: median(perSample.activity),
      exported: median(perSample.exporter),
    };
  } finally {
    await server.stop();
  }
}

const overTheWire = (sample: SessionsSample): SessionsSample => JSON.parse(JSON.stringify(sample));

async function measureTransfer() {
  const server = await startTestServer({ settings: { max_connections: '2100' } });
  try {
    const load = await openMixedSessions(server, {
      idle: 1700,
      idleInTransaction: 280,
      active: 19,
      blocked: 0,
    });
    const { connection, sampler } = await connect(server, server.user);
    const sequence = new SampleSequence('bench');
    let list: SessionList | null = null;
    const whole: number[] = [];
    const updates: number[] = [];
    let bytes = 0;
    for (let round = 0; round < 10; round += 1) {
      const changing = load.clients.slice(1, 201);
      await Promise.all(changing.map((client) => client.query(`SELECT ${round}`)));
      const startedMs = performance.now();
      const update = sequence.add(await sampler.take(), true);
      if (update !== null) list = nextSessionList(list, overTheWire(update)) ?? list;
      updates.push(performance.now() - startedMs);

      const againMs = performance.now();
      sequence.add(await sampler.take(), false);
      const sample = sequence.whole();
      if (sample !== null) list = nextSessionList(null, overTheWire(sample));
      whole.push(performance.now() - againMs);
      bytes = JSON.stringify(sample).length;
    }
    if ((list?.sessions.size ?? 0) < 2000) throw new Error('not all sessions arrived');
    await connection.end();
    await load.end();
    return { wholeMs: median(whole), updateMs: median(updates.slice(1)), kilobytes: bytes / 1024 };
  } finally {
    await server.stop();
  }
}

const { own, activity, exported } = await compare();
const { wholeMs, updateMs, kilobytes } = await measureTransfer();
report({
  sampleServerMs: {
    measured: own.ms,
    digits: 2,
    bar: { atMost: Number(Math.min(activity, exported).toFixed(2)) },
  },
  pgActivityServerMs: { measured: activity, digits: 2 },
  exporterServerMs: { measured: exported, digits: 2 },
  roundTripsPerSample: { measured: own.roundTrips, bar: { atMost: 2 } },
  sample2000Ms: { measured: wholeMs, digits: 1, bar: { atMost: 150 } },
  update2000Ms: { measured: updateMs, digits: 1, bar: { atMost: 150 } },
  sample2000Kilobytes: { measured: kilobytes },
});
