import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '#engine/sample-database/embedded-server.ts';
import {
  binariesPackage,
  findBinaries,
  type ServerBinaries,
} from '#engine/sample-database/server-binaries.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import { copyCluster } from './cluster-templates.ts';

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

/** A major version of the server that the suites know. */
type Version = 18 | 17 | 16 | 15 | 14 | 13 | 12;

const olderVersions: readonly Version[] = [17, 16, 15, 14, 13, 12];
/** Names a folder with programs of further versions, one subfolder for each; CONTRIBUTING.md says how to fill it. */
const folderVariable = 'POOLSCOPE_TEST_POSTGRES';
const debianFolder = '/usr/lib/postgresql';

/**
 * The folder of a version's programs; null where this machine has none. A subfolder is either a
 * plain installation (`15/bin`, as Debian lays it out) or an npm prefix that holds the embedded package.
 */
function programsFolder(version: Version): string | null {
  const named = process.env[folderVariable];
  const embedded = path.join('node_modules', binariesPackage(), 'native', 'bin');
  const places = named ? ['bin', embedded].map((place) => path.join(named, String(version), place)) : [];
  if (version === 15) places.push(path.join(debianFolder, '15', 'bin'));
  return places.find((place) => existsSync(path.join(place, 'postgres'))) ?? null;
}

/** Whether this machine has PostgreSQL 15: Debian's, or one of the named folder. */
export function postgres15Available(): boolean {
  return programsFolder(15) !== null;
}

/**
 * The versions to run a suite on: 18, 15 where this machine has it, and those of the folder that
 * POOLSCOPE_TEST_POSTGRES names. Says which it does not run, and why.
 */
export function testedVersions(): Version[] {
  const named = process.env[folderVariable];
  const missing = olderVersions.filter((version) => programsFolder(version) === null);
  if (missing.length > 0) {
    const why = named ? `${named} does not have them` : `${folderVariable} names no folder that has them`;
    process.stdout.write(`Not run on PostgreSQL ${missing.join(', ')}: ${why}.\n`);
  }
  return [18, ...olderVersions.filter((version) => !missing.includes(version))];
}

async function binariesOf(version: Version): Promise<ServerBinaries> {
  if (version === 18) return findBinaries();
  const folder = programsFolder(version);
  if (folder === null)
    throw new Error(`PostgreSQL ${version} is not here: ${folderVariable} names no folder that has it.`);
  const program = (name: string) => path.join(folder, name);
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
  const cluster = { binaries: await binariesOf(version), user, password };
  await copyCluster(`v${version}`, dataFolder, async (folder) => {
    const template = new EmbeddedServer({ ...cluster, dataFolder: folder });
    await template.create();
    await template.stop();
  });
  const server = new EmbeddedServer({
    ...cluster,
    dataFolder,
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
