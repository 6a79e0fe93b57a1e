import { createServer } from 'node:net';
import { systemClock } from '#engine/base/clock.ts';
import { EventLog } from '#engine/pools/event-log.ts';
import type { ConnectionConfig } from '#engine/pools/index.ts';
import { InstrumentedPool } from '#engine/pools/instrumented-pool.ts';
import type { PoolSettings } from '#engine/pools/pool-settings.ts';
import { type CounterName, counterNames } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import type { TestServer } from './postgres-server.ts';

/** For pools in tests that have no pooler: none of their profiles leads to a console. */
export const noConsoles = {
  looksLikeConsole: () => false,
  openConsole: (): never => {
    throw new Error('There is no console here.');
  },
};

/** For pools in tests that neither save a profile nor a file. */
export const nothingSaved = {
  saveSettings: (): never => {
    throw new Error('Nothing is saved here.');
  },
  saveRows: (): never => {
    throw new Error('Nothing is saved here.');
  },
};

/** How `pg` reaches a test server; sessions are found again by `application_name`. */
export function configFor(server: TestServer, overrides: ConnectionConfig = {}): ConnectionConfig {
  const { host, port, user, password, database } = server;
  return {
    host,
    port,
    user,
    password: () => password,
    database,
    ssl: false,
    application_name: 'pool',
    ...overrides,
  };
}

/** A pool on a test server. The caller ends it. */
export function poolFor(
  server: TestServer,
  settings: Partial<PoolSettings> = {},
  config: ConnectionConfig | (() => Promise<ConnectionConfig>) = configFor(server),
  log = new EventLog(systemClock),
): InstrumentedPool {
  return new InstrumentedPool({
    profileId: 'tested',
    settings: { ...profileDefaults, max: 4, waitTimeoutMs: 5000, ...settings },
    connectionConfig: typeof config === 'function' ? config : async () => config,
    clock: systemClock,
    log,
  });
}

/** Sessions on the server under an application name, as the server itself sees them. */
export async function sessionsOf(server: TestServer, applicationName = 'pool'): Promise<number[]> {
  const text = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1';
  const { rows } = await server.admin((client) => client.query<{ pid: number }>(text, [applicationName]));
  return rows.map((row) => row.pid);
}

export type Totals = Record<CounterName, number> & { last: PoolSample };

/** Adds up a pool's counters over all samples taken through it. */
export function createLedger(pool: InstrumentedPool): { take(): Totals } {
  const sums = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
  return {
    take() {
      const last = pool.takeSample(null);
      for (const name of counterNames) sums[name] += last[name];
      return { ...sums, last };
    },
  };
}

/** A server that accepts connections and never says a word. */
export async function startSilentServer(): Promise<{
  port: number;
  /** Connections that are open now, and how many ever were. */
  readonly open: number;
  readonly total: number;
  stop(): Promise<void>;
}> {
  let total = 0;
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    total += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get open() {
      return sockets.size;
    },
    get total() {
      return total;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
