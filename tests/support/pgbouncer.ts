import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { handOver, serverAccount } from '#engine/sample-database/unprivileged.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import type { TestServer } from './postgres-server.ts';

const program = '/usr/sbin/pgbouncer';

/** A PgBouncer of its own for one test file, in front of a test server. */
export interface TestPooler {
  host: string;
  port: number;
  /** Users of the console, and one who is neither. All have the password `password`. */
  admin: string;
  looker: string;
  nobody: string;
  password: string;
  /** A profile draft for its console. */
  draft(overrides?: Partial<ProfileDraft>): ProfileDraft;
  /** A connection through it, as an application opens one. The caller ends it. */
  client(database: string, applicationName?: string): Promise<pg.Client>;
  /** One command on a console connection of its own, as psql would give it. */
  console(command: string): Promise<Record<string, string>[]>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Starts again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Stops and continues the process: it is there, and answers nothing. */
export interface Freezable {
  freeze(): void;
  thaw(): void;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

export interface PoolerOptions {
  poolMode?: 'session' | 'transaction' | 'statement';
  /** Name for clients to name on the server. Others are passed on by their own name (`*`). */
  databases?: Record<string, string>;
  settings?: Record<string, string>;
}

/** Starts PgBouncer on a free loopback port; it lives until `stop`. */
export async function startTestPooler(
  server: TestServer,
  { poolMode = 'transaction', databases = {}, settings = {} }: PoolerOptions = {},
): Promise<TestPooler & Freezable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const password = 'console password';
  const target = `host=${server.host} port=${server.port}`;
  const all: Record<string, string> = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'plain',
    auth_file: path.join(folder, 'users.txt'),
    admin_users: 'boss',
    stats_users: 'looker',
    pool_mode: poolMode,
    // A login that a PAUSE cut short counts as failed: clients would wait 15 s after the RESUME.
    server_login_retry: '1',
    ignore_startup_parameters: 'extra_float_digits',
    logfile: path.join(folder, 'log'),
    ...settings,
  };
  const ini = [
    '[databases]',
    ...Object.entries(databases).map(([name, database]) => `${name} = ${target} dbname=${database}`),
    `* = ${target}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([key, value]) => `${key} = ${value}`),
  ].join('\n');
  const users = Object.entries({
    boss: password,
    looker: password,
    nobody: password,
    [server.user]: server.password,
  });
  await writeFile(path.join(folder, 'pgbouncer.ini'), `${ini}\n`);
  await writeFile(
    path.join(folder, 'users.txt'),
    users.map((user) => `${user.map(quoted).join(' ')}\n`).join(''),
  );
  // PgBouncer refuses to run as root, as PostgreSQL does.
  const account = await serverAccount();
  await handOver(folder, account);

  let child: ChildProcess | null = null;
  const endWithUs = () => child?.kill('SIGKILL');
  process.once('exit', endWithUs);

  const connect = async (user: string, secret: string, database: string, name: string) => {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port, user, password: secret, database, application_name: name, ssl: false },
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };

  const pooler: TestPooler & Freezable = {
    host: '127.0.0.1',
    port,
    admin: 'boss',
    looker: 'looker',
    nobody: 'nobody',
    password,
    draft: (overrides = {}) => ({
      ...profileDefaults,
      name: 'pooler',
      host: '127.0.0.1',
      port,
      user: 'boss',
      database: 'pgbouncer',
      tlsMode: 'disable',
      ...overrides,
    }),
    client: (database, name = 'application') => connect(server.user, server.password, database, name),
    async console(command) {
      const client = await connect('boss', password, 'pgbouncer', 'psql');
      try {
        return (await client.query(command)).rows;
      } finally {
        await client.end();
      }
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async kill() {
      if (child === null || child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      child = null;
    },
    async start() {
      child = spawn(program, [path.join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...account });
      for (let attempt = 0; ; attempt += 1) {
        try {
          await pooler.console('SHOW VERSION');
          return;
        } catch (error) {
          if (attempt > 100 || child.exitCode !== null) throw error;
          await sleep(50);
        }
      }
    },
    async stop() {
      process.removeListener('exit', endWithUs);
      await pooler.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await pooler.start();
  return pooler;
}
