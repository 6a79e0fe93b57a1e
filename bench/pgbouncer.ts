/**
 * What watching a busy pooler costs: `node bench/pgbouncer.ts [--json]`. Starts a PostgreSQL server
 * and a PgBouncer (Debian's) of its own with 5,000 clients, 40 of which work, as psql sees them;
 * exits with 1 when a bar is missed.
 *
 * - fullRefreshMs: one sample (version, pools, databases, statistics, lists) and every table of the
 *   screen (clients, servers, databases, users, lists, config, statistics), asked through the router
 *   and put through JSON and back as the web shell does; median of 11. SHOW FDS is never asked.
 * - worstRefreshMs: the slowest of them.
 * - sampleMs: the sample alone, which is what happens once a second while somebody looks.
 * - pictureMs: the joined picture with 200 clients, the server's sessions included.
 * - clientsKb: what the table of clients weighs on the bridge.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { RouteInput, RouteName } from '#shared/contract/routes.ts';
import { startTestEngine, type TestEngine } from '../tests/support/engine.ts';
import { startTestPooler, type TestPooler } from '../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';

const clientCount = 5000;
const workers = 40;
const runs = 11;
const tables = ['clients', 'servers', 'databases', 'users', 'lists', 'config', 'stats'] as const;

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** The least a client can be: a socket that logs in and says nothing more. */
async function connectClient(pooler: TestPooler, server: TestServer, index: number): Promise<net.Socket> {
  const socket = net.connect(pooler.port, pooler.host);
  socket.on('error', () => {});
  await once(socket, 'connect');
  const names = { user: server.user, database: 'app', application_name: `service ${index % 20}` };
  const body = Buffer.concat([
    Buffer.from([0, 3, 0, 0]),
    ...Object.entries(names).flatMap(([key, value]) => [text(key), text(value)]),
    Buffer.from([0]),
  ]);
  const withLength = (payload: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(payload.length + 4);
    return Buffer.concat([length, payload]);
  };
  socket.write(withLength(body));
  await once(socket, 'data');
  socket.write(Buffer.concat([Buffer.from('p'), withLength(text(server.password))]));
  await once(socket, 'data');
  return socket;
}

async function connectAll(pooler: TestPooler, server: TestServer): Promise<net.Socket[]> {
  const sockets: net.Socket[] = [];
  for (let from = 0; from < clientCount; from += 100) {
    const batch = Array.from({ length: 100 }, (_, place) => connectClient(pooler, server, from + place));
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

/** As a page of the web shell gets it. */
async function asked<K extends RouteName>(app: TestEngine, route: K, input: RouteInput<K>): Promise<number> {
  const wire = JSON.stringify(await app.call(route, input));
  JSON.parse(wire);
  return wire.length;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function repeated(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(work));
  return times.sort((a, b) => a - b);
}

const middle = (sorted: number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

const server = await startTestServer({ version: 15, settings: { max_connections: '120' } });
const pooler = await startTestPooler(server, {
  databases: { app: 'postgres' },
  settings: { max_client_conn: '6000', default_pool_size: '60', listen_backlog: '4096' },
});
const app = await startTestEngine();
const sockets: net.Socket[] = [];
try {
  const warm = await pooler.client('app');
  await warm.query('select 1');
  await warm.end();
  sockets.push(...(await connectAll(pooler, server)));
  await app.opened(server.draft(), server.password);
  const profileId = await app.opened(pooler.draft(), pooler.password);

  // Work that goes on: a query each, again and again, on clients of its own.
  let isOver = false;
  const load = Array.from({ length: workers }, async () => {
    const client = await pooler.client('app', 'worker');
    while (!isOver) await client.query('select pg_sleep(0.02)');
    await client.end();
  });

  const sample = () => asked(app, 'health.check', { profileId });
  let clientsBytes = 0;
  const fullRefresh = async () => {
    const beganMs = performance.now();
    await sample();
    for (const table of tables) {
      // As the screen does: what this refresh has read already is not asked twice, anything older is.
      const maxAgeMs = Math.floor(performance.now() - beganMs);
      const bytes = await asked(app, 'pgbouncer.table', { profileId, table, maxAgeMs });
      if (table === 'clients') clientsBytes = bytes;
    }
  };
  await fullRefresh();
  const refreshes = await repeated(fullRefresh);
  const samples = await repeated(sample);
  const pictures = await repeated(() => asked(app, 'picture.get', { profileId }));
  isOver = true;
  await Promise.all(load);
  const table = await app.call('pgbouncer.table', { profileId, table: 'clients' });
  if (table.rowCount < clientCount) throw new Error(`Only ${table.rowCount} clients are connected.`);
  report({
    fullRefreshMs: { measured: middle(refreshes), bar: { atMost: 300 } },
    worstRefreshMs: { measured: refreshes.at(-1) ?? Number.NaN },
    sampleMs: { measured: middle(samples), digits: 1 },
    pictureMs: { measured: middle(pictures) },
    clientsKb: { measured: clientsBytes / 1024 },
  });
} finally {
  for (const socket of sockets) socket.destroy();
  await app.close();
  await pooler.stop();
  await server.stop();
}
