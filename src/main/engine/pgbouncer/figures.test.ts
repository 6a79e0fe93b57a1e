import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rowsOf } from '#shared/model/console-table.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

const run = promisify(execFile);
const pgbench = '/usr/lib/postgresql/15/bin/pgbench';
const exporter = '/usr/bin/prometheus-pgbouncer-exporter';

/**
 * The exporter's own collectors, of pools and databases: as a whole, its version 1.7 ends at start
 * with any PgBouncer since 1.8, for want of a column "total_requests".
 */
const exporterFigures = `
import json, sys
from prometheus_pgbouncer_exporter.collectors import DatabasesCollector, PoolsCollector
from prometheus_pgbouncer_exporter.utils import get_connection
connection = get_connection('looker', int(sys.argv[2]), sys.argv[1])
collectors = [PoolsCollector(databases=None, connection=connection)]
collectors.append(DatabasesCollector(databases=['postgres'], connection=connection))
samples = [s for c in collectors for metric in c.collect() for s in metric.samples]
print(json.dumps({s.name: s.value for s in samples if s.labels['database'] in ('app', 'postgres')}))
`;

let server: TestServer;
let app: TestEngine;
let pooler: TestPooler;
const clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  const at = ['-h', server.host, '-p', String(server.port), '-U', server.user];
  await run(pgbench, [...at, '-i', '-q', 'postgres'], { env: { PGPASSWORD: server.password } });
});
beforeEach(async () => {
  app = await startTestEngine();
});
afterEach(async () => {
  await app.close();
  await pooler.stop();
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})));
});
afterAll(() => server?.stop());

const sum = (values: (number | null | undefined)[]) =>
  values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0);

describe.each(['session', 'transaction', 'statement'] as const)('under load in %s mode', (poolMode) => {
  it('rates add up to what the pooler counted, and gauges stay within the pool', async () => {
    pooler = await startTestPooler(server, {
      poolMode,
      databases: { app: 'postgres' },
      settings: { default_pool_size: '3' },
    });
    const profileId = await app.opened(pooler.draft({ healthIntervalMs: 1000 }), pooler.password);
    const count = async () => {
      const row = (await pooler.console('SHOW STATS')).find(({ database }) => database === 'app');
      return { transactions: Number(row?.total_xact_count), bytes: Number(row?.total_sent) };
    };
    const warm = await pooler.client('app');
    await warm.query('select 1');
    await warm.end();
    await app.call('health.check', { profileId });
    const { tick: first } = await app.call('pgbouncer.overview', { profileId });
    const before = await count();

    // Writes in a transaction of several statements, which statement mode does not allow.
    const script = poolMode === 'statement' ? '-S' : '-N';
    const at = ['-h', pooler.host, '-p', String(pooler.port), '-U', server.user];
    const load = run(pgbench, [...at, '-n', script, '-c', '8', '-t', '400', 'app'], {
      env: { PGPASSWORD: server.password },
    });
    const { stdout } = await load;
    expect(stdout).toContain('number of transactions actually processed: 3200/3200');
    const after = await count();
    await app.call('health.check', { profileId });

    const ticks = app.heard('pgbouncer.tick').filter(({ atMs }) => atMs > (first?.atMs ?? 0));
    const grown = (of: (growth: PoolerTick['growth'][number]) => number | null) =>
      sum(
        ticks.map((tick) => {
          const growth = tick.growth.find(({ database }) => database === 'app');
          return growth === undefined ? null : of(growth);
        }),
      );
    expect(grown(({ transactions }) => transactions)).toBe(after.transactions - before.transactions);
    expect(grown(({ sentBytes }) => sentBytes)).toBe(after.bytes - before.bytes);
    expect(after.transactions - before.transactions).toBeGreaterThanOrEqual(3200);

    const pools = ticks.flatMap((tick) => tick.pools.filter(({ database }) => database === 'app'));
    for (const pool of pools) {
      expect(pool.poolMode).toBe(poolMode);
      expect(pool.poolSize).toBe(3);
      expect(pool.svOpen).toBeLessThanOrEqual(3);
    }
  });
});

describe('figures at rest', () => {
  /** Two clients hold both server connections, three wait: nothing moves while it is looked at. */
  async function standstill() {
    pooler = await startTestPooler(server, {
      databases: { app: 'postgres' },
      settings: { default_pool_size: '2' },
    });
    for (let index = 0; index < 5; index += 1) {
      const client = await pooler.client('app', `client ${index}`);
      clients.push(client);
      if (index < 2) await client.query('begin');
      else void client.query('begin').catch(() => {});
    }
    const poolOf = async () =>
      (await pooler.console('SHOW POOLS')).find(({ database }) => database === 'app');
    await eventually(async () => (await poolOf())?.cl_waiting).toBe(3);
    return await app.opened(pooler.draft(), pooler.password);
  }

  it('count a client that is still logging in once', async () => {
    const id = await standstill();
    const { port, host } = pooler;
    const strangers = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = connect(port, host);
        await once(socket, 'connect');
        return socket;
      }),
    );
    const lists = async () =>
      new Map((await pooler.console('SHOW LISTS')).map(({ list, items }) => [list, Number(items)]));
    await eventually(async () => (await lists()).get('login_clients')).toBe(3);
    await eventually(
      async () => (await app.call('pgbouncer.overview', { profileId: id })).tick?.clients,
    ).toBe(8);
    for (const socket of strangers) socket.destroy();
  });

  it('are those of psql', async () => {
    const profileId = await standstill();
    const { tick } = await app.call('pgbouncer.overview', { profileId });
    const psql = (await pooler.console('SHOW POOLS')).find(({ database }) => database === 'app');
    expect(tick?.pools).toMatchObject([
      {
        clActive: psql?.cl_active,
        clWaiting: psql?.cl_waiting,
        svActive: psql?.sv_active,
        svIdle: psql?.sv_idle,
        svOpen: 2,
        poolSize: 2,
      },
    ]);
    expect(tick?.pools[0]?.maxwaitMs).toBeGreaterThan(0);
    expect(tick).toMatchObject({ clients: 5, maxClients: 100 });
    for (const table of ['databases', 'lists', 'users', 'stats_totals'] as const) {
      const own = await app.call('pgbouncer.table', { profileId, table });
      const truth = await pooler.console(`SHOW ${table.toUpperCase()}`);
      const names = (rows: object[]) => rows.map((row) => Object.values(row)[0]);
      expect(names(rowsOf(own))).toEqual(names(truth));
      expect(own.columns.map(({ name }) => name)).toEqual(Object.keys(truth[0] ?? {}));
    }
  });

  it("are those of Debian's prometheus-pgbouncer-exporter", async () => {
    if (!existsSync(exporter)) {
      process.stdout.write(`Not held against the exporter: ${exporter} is not there.\n`);
      return;
    }
    const profileId = await standstill();
    const { stdout } = await run('python3', ['-c', exporterFigures, pooler.host, String(pooler.port)], {
      env: { PGPASSWORD: pooler.password },
    });
    const { tick } = await app.call('pgbouncer.overview', { profileId });
    const [pool] = tick?.pools ?? [];
    const [database] = tick?.databases.filter(({ name }) => name === 'app') ?? [];
    expect(JSON.parse(stdout)).toEqual({
      pgbouncer_active_clients: pool?.clActive,
      pgbouncer_waiting_clients: pool?.clWaiting,
      pgbouncer_pool_size: database?.poolSize,
      pgbouncer_reserve_pool: database?.reservePoolSize,
    });
  });
});
