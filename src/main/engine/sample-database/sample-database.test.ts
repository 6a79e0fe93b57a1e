import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SampleDatabaseStatus } from '#shared/contract/sample-database.ts';
import { unknownHealth } from '#shared/model/health.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { withoutLabels } from '../../../../tests/support/plain-pool.ts';
import { EngineError } from '../base/errors.ts';
import { createEventBus } from '../base/event-bus.ts';
import { silentLogger } from '../base/log.ts';
import { createSampleDatabase, type SampleDatabase } from './index.ts';

const context = { callerId: 'test', signal: new AbortController().signal };

/** The room with the thinnest real pool beside it. */
function createRoom(dataFolder: string) {
  const events = createEventBus((error) => {
    throw error;
  });
  const heard: SampleDatabaseStatus[] = [];
  events.on('sampleDatabase.changed', (status) => heard.push(status));
  let saved: { draft: ProfileDraft; password: string } | null = null;
  let pool: pg.Pool | null = null;
  const statusOf = (state: 'open' | 'closed') => ({
    profileId: 'sample',
    state,
    target: null,
    openedAtMs: null,
    error: null,
    health: unknownHealth,
  });
  const pools = {
    async open() {
      if (saved === null) throw new EngineError('not_found', 'There is no such connection.');
      const { host, port, user, database, max } = saved.draft;
      if (pool === null) {
        pool = new pg.Pool({ host, port, user, database, max, password: saved.password });
        pool.on('error', () => {});
        pool.on('connect', (client) => client.on('error', () => {}));
      }
      return statusOf('open');
    },
    async close() {
      await pool?.end();
      pool = null;
      return statusOf('closed');
    },
    poolOf() {
      if (pool === null) throw new EngineError('pool_closed', 'The pool is closed.');
      return withoutLabels(pool);
    },
  };
  const room = createSampleDatabase({
    dataFolder,
    profiles: {
      async saveSample(draft, password) {
        saved = { draft, password };
        return { profileId: 'sample' };
      },
    },
    pools,
    events,
    log: silentLogger(),
  });
  const query = async (text: string) => {
    if (pool === null) throw new Error('The pool is closed.');
    return (await pool.query(text)).rows;
  };
  return {
    room,
    pools,
    heard,
    query,
    saved: () => saved,
    forget: () => {
      saved = null;
    },
  };
}

let dataFolder: string;
const rooms: SampleDatabase[] = [];

function openRoom() {
  const opened = createRoom(dataFolder);
  rooms.push(opened.room);
  return opened;
}

const status = async (room: SampleDatabase) => room.handlers['sampleDatabase.status']({}, context);

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-sample-'));
  // Root runs the server under another account.
  await chmod(dataFolder, 0o711);
});

afterEach(async () => {
  for (const room of rooms.splice(0)) await room.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

/** A run of Poolscope that dies while its sample database runs; answers with the server's process id. */
async function crash(how: NodeJS.Signals | 'exit'): Promise<number> {
  const file = path.join(dataFolder, 'run.mts');
  const source = JSON.stringify(path.join(import.meta.dirname, 'sample-server.ts'));
  const index = JSON.stringify(path.join(import.meta.dirname, 'index.ts'));
  await writeFile(
    file,
    how === 'exit'
      ? `import { createSampleDatabase } from ${index};
         const unused = { open: async () => ({}), close: async () => ({}), poolOf() { throw new Error('none'); } };
         const log = { error() {}, warn() {}, debug() {} };
         const room = createSampleDatabase({ dataFolder: ${JSON.stringify(dataFolder)}, pools: unused, log,
           profiles: { saveSample: async () => ({ profileId: 'sample' }) }, events: { emit() {} } });
         await room.start();
         process.send('running');
         process.once('message', () => process.exit(0));`
      : `import { SampleServer } from ${source};
         await new SampleServer(${JSON.stringify(dataFolder)}).start(() => {});
         process.send('running');
         setInterval(() => {}, 1000);`,
  );
  const child: ChildProcess = fork(file, {
    execArgv: [],
    cwd: path.join(import.meta.dirname, '../../../..'),
  });
  await once(child, 'message');
  const [pid] = (
    await readFile(path.join(dataFolder, 'sample-database/cluster/postmaster.pid'), 'utf8')
  ).split('\n');
  if (how === 'exit') child.send('exit');
  else child.kill(how);
  await once(child, 'exit');
  return Number(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the sample database', () => {
  it('starts step by step: server, profile, pool, workload', async () => {
    const { room, heard, query, saved } = openRoom();
    expect(room.available).toBe(true);
    await room.start();
    const steps = heard.filter(({ state }) => state === 'starting').map(({ step }) => step);
    expect(steps).toEqual(expect.arrayContaining(['Creating its data folder', 'Starting PostgreSQL']));
    const running = { state: 'running', step: '', profileId: 'sample', workloadRunning: true, error: null };
    expect(heard.at(-1)).toEqual(running);
    expect(await status(room)).toEqual(running);
    expect(saved()?.draft).toMatchObject({ host: '127.0.0.1', database: 'sample', tlsMode: 'disable' });
    expect(await query('SELECT current_database() AS name')).toEqual([{ name: 'sample' }]);
    expect(await query("SELECT to_regclass('names') AS names")).toEqual([{ names: null }]);
  });

  it('keeps data, port and password between runs, the password for its owner alone', async () => {
    const first = openRoom();
    await first.room.start();
    await first.query('CREATE TABLE kept AS SELECT 7 AS n');
    const before = first.saved();
    await first.room.stop();
    const second = openRoom();
    await second.room.start();
    expect(await second.query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(second.saved()).toEqual(before);
    const file = path.join(dataFolder, 'sample-database/server.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(before?.password);
  });

  it('begins anew when its password is lost, and keeps the old data aside', async () => {
    const first = openRoom();
    await first.room.start();
    await first.room.stop();
    const folder = path.join(dataFolder, 'sample-database');
    await writeFile(path.join(folder, 'server.json'), '{"password');
    const second = openRoom();
    await second.room.start();
    expect(await second.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(folder)).filter((name) => /^cluster-\d+$/.test(name))).toHaveLength(1);
  });

  it('takes another port when its own is taken', async () => {
    const first = openRoom();
    await first.room.start();
    await first.room.stop();
    const port = first.saved()?.draft.port;
    const occupant = createServer().listen(port, '127.0.0.1');
    await once(occupant, 'listening');
    try {
      const second = openRoom();
      await second.room.start();
      expect(second.saved()?.draft.port).not.toBe(port);
      expect(await second.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      occupant.close();
    }
  });

  it('pauses and resumes its workload', async () => {
    const { room, heard } = openRoom();
    const set = (running: boolean) => room.handlers['sampleDatabase.setWorkload']({ running }, context);
    await expect(set(false)).rejects.toMatchObject({ code: 'sample_database_failed' });
    await room.start();
    expect(await set(false)).toMatchObject({ state: 'running', workloadRunning: false });
    expect(heard.at(-1)).toMatchObject({ workloadRunning: false });
    expect(await set(true)).toMatchObject({ workloadRunning: true });
  });

  it('offers its pool again when asked to start while it runs', async () => {
    const { room, pools, query, forget } = openRoom();
    await room.start();
    await pools.close();
    await room.start();
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await pools.close();
    forget();
    await room.start();
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('stops everything, also in the middle of a start', async () => {
    const { room, pools } = openRoom();
    const starting = room.start();
    const outcome = starting.catch((error: EngineError) => error.code);
    await vi.waitFor(async () => expect((await status(room)).state).toBe('starting'));
    await room.stop();
    expect(await outcome).toBe('cancelled');
    expect(await status(room)).toMatchObject({ state: 'stopped', error: null, profileId: null });
    expect(() => pools.poolOf()).toThrow('closed');
    await room.stop();
  });

  it('says so when its server is killed from outside, and starts again', async () => {
    const { room, query } = openRoom();
    await room.start();
    const [row] = await query("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid");
    process.kill(Number(row?.pid), 'SIGKILL');
    await vi.waitFor(async () => expect((await status(room)).state).toBe('stopped'), { timeout: 10_000 });
    expect((await status(room)).error).toMatchObject({ code: 'sample_database_failed' });
    await room.start();
    expect(await status(room)).toMatchObject({ state: 'running', error: null });
  });

  it('stops the server of a run that crashed, and uses its data', async () => {
    const pid = await crash('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    const { room, query } = openRoom();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
    await room.start();
    expect(await query('SELECT current_database() AS name')).toEqual([{ name: 'sample' }]);
  });

  it('ends its server even when the process exits without waiting', async () => {
    const pid = await crash('exit');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
  });

  it('says why it cannot start', async () => {
    const { room, heard } = openRoom();
    // A file where the cluster should be.
    await room.start();
    await room.stop();
    await rm(path.join(dataFolder, 'sample-database/cluster'), { recursive: true });
    await writeFile(path.join(dataFolder, 'sample-database/cluster'), '');
    await expect(room.start()).rejects.toMatchObject({ code: 'sample_database_failed' });
    expect(heard.at(-1)).toMatchObject({ state: 'stopped', error: { code: 'sample_database_failed' } });
  });
});
