import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestServer } from '../../tests/support/postgres-server.ts';

/** Another tool at work on the same server, under a role of its own. */
export interface Peer {
  role: string;
  /** Takes a sample; one that samples by itself every two seconds has nothing to do. */
  sample(): Promise<void>;
  stop(): Promise<void>;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Debian's pg_activity in a terminal that nobody sees, without its costliest extra (database sizes). */
export function startPgActivity(server: TestServer, role: string, password: string): Peer {
  const command = `stty cols 200 rows 60; exec pg_activity --no-db-size -h ${server.host} -p ${server.port} -U ${role} -d ${server.database}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, PGPASSWORD: password, TERM: 'xterm' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return {
    role,
    async sample() {
      if (child.exitCode !== null) throw new Error('pg_activity has ended');
    },
    async stop() {
      child.stdin?.write('q');
      await Promise.race([once(child, 'exit'), sleep(2000)]);
      await stop(child);
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Debian's prometheus-postgres-exporter with its default metrics, scraped as Prometheus does. */
export async function startExporter(server: TestServer, role: string, password: string): Promise<Peer> {
  const port = await freePort();
  const source = `postgresql://${role}:${password}@${server.host}:${server.port}/${server.database}?sslmode=disable`;
  const child = spawn('prometheus-postgres-exporter', [`--web.listen-address=127.0.0.1:${port}`], {
    env: { ...process.env, DATA_SOURCE_NAME: source },
    stdio: 'ignore',
  });
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await scrape().then(Boolean, () => false)) break;
    await sleep(100);
  }
  return {
    role,
    async sample() {
      if (!/^pg_up 1$/m.test(await scrape())) throw new Error('the exporter does not see the server');
    },
    stop: () => stop(child),
  };
}
