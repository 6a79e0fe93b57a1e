import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { EmbeddedServer } from '#engine/sample-database/embedded-server.ts';
import { handOver, serverAccount } from '#engine/sample-database/unprivileged.ts';
import { eventually } from './eventually.ts';
import type { TestServer } from './postgres-server.ts';

const run = promisify(execFile);
const programs = '/usr/lib/postgresql/15/bin';

/** A streaming standby of a test server. */
export interface TestStandby {
  host: string;
  port: number;
  /** Makes it a primary, and waits until it is. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Copies a running primary of PostgreSQL 15 and follows it; it lives until `stop`. */
export async function startStandby(primary: TestServer): Promise<TestStandby> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-test-standby-'));
  const account = await serverAccount();
  await handOver(dataFolder, account);
  const { host, port, user, password } = primary;
  const from = ['-h', host, '-p', String(port), '-U', user];
  await run(
    path.join(programs, 'pg_basebackup'),
    [...from, '-D', dataFolder, '-R', '-X', 'stream', '-c', 'fast'],
    {
      ...account,
      cwd: tmpdir(),
      env: { PGPASSWORD: password, PATH: process.env.PATH },
    },
  );
  const program = (name: string) => path.join(programs, name);
  const server = new EmbeddedServer({
    binaries: { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') },
    ...{ dataFolder, user, password, settings: { fsync: 'off', shared_buffers: '16MB', hot_standby: 'on' } },
  });
  const endWithUs = () => {
    if (server.processId !== undefined) process.kill(server.processId, 'SIGQUIT');
  };
  process.once('exit', endWithUs);
  await server.start();
  return {
    host: server.host,
    get port() {
      return server.port;
    },
    async promote() {
      const client = new pg.Client({ host, port: server.port, user, password, database: primary.database });
      await client.connect();
      await client.query('select pg_promote()');
      await eventually(async () => {
        const { rows } = await client.query('select pg_is_in_recovery() as waits');
        return rows[0].waits;
      }).toBe(false);
      await client.end();
    },
    async stop() {
      process.removeListener('exit', endWithUs);
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
