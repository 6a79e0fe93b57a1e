import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '#engine/sample-database/embedded-server.ts';
import { findBinaries, type ServerBinaries } from '#engine/sample-database/server-binaries.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';

/** A real PostgreSQL server of its own for one test file. */
export interface TestServer {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Major version. */
  version: number;
  /** Address with the password in it. */
  url: string;
  /** A profile draft that fits this server. */
  draft(overrides?: Partial<ProfileDraft>): ProfileDraft;
  /** Runs work on a superuser connection of its own, application name `admin`. */
  admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Ends the server as a crash does: every session breaks at once. */
  kill(): Promise<void>;
  /** Starts again on the same port and data. */
  start(): Promise<void>;
  /** Stops and deletes the data. */
  stop(): Promise<void>;
}

type Version = 18 | 15;

const debian15Folder = '/usr/lib/postgresql/15/bin';

/** Whether this machine has Debian's PostgreSQL 15 programs. */
export function debian15Available(): boolean {
  return existsSync(path.join(debian15Folder, 'postgres'));
}

/** The versions to run a suite on: 18, and 15 where Debian has it. Says so where it does not. */
export function testedVersions(): Version[] {
  if (debian15Available()) return [18, 15];
  process.stdout.write(`Not run on PostgreSQL 15: ${debian15Folder} is not there.\n`);
  return [18];
}

async function binariesOf(version: Version): Promise<ServerBinaries> {
  if (version === 18) return findBinaries();
  const program = (name: string) => path.join(debian15Folder, name);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
}

/** Starts a server on a free loopback port; it lives until `stop`. */
export async function startTestServer(
  options: { version?: Version; settings?: Record<string, string> } = {},
): Promise<TestServer> {
  const version = options.version ?? 18;
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-test-server-'));
  const user = 'postgres';
  const password = 'test password 7';
  const database = 'postgres';
  const server = new EmbeddedServer({
    binaries: await binariesOf(version),
    dataFolder,
    user,
    password,
    // Data that lives for one test needs no safety from power cuts.
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '16MB', ...options.settings },
  });
  const endWithUs = () => {
    if (server.processId !== undefined) process.kill(server.processId, 'SIGQUIT');
  };
  process.once('exit', endWithUs);
  await server.start();
  const { host, port } = server;
  return {
    host,
    port,
    user,
    password,
    database,
    version,
    url: `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
    draft: (overrides = {}) => ({
      ...profileDefaults,
      name: 'test',
      host,
      port,
      user,
      database,
      tlsMode: 'disable',
      ...overrides,
    }),
    async admin(work) {
      const client = new pg.Client({ host, port, user, password, database, application_name: 'admin' });
      // A server killed under it fails the query in flight; the event would end the test run.
      client.on('error', () => {});
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    },
    kill: () => server.crash(),
    start: () => server.start(),
    async stop() {
      process.removeListener('exit', endWithUs);
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
