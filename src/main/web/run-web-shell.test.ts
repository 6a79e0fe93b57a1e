import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import { startTestServer, type TestServer } from '../../../tests/support/postgres-server.ts';
import { pageConnect, signIn } from '../../../tests/support/web-page.ts';
import { createSocketBridge, type SocketBridge } from '../../renderer/bridge/socket-bridge.ts';

const program = fileURLToPath(new URL('../../../tests/support/serve-from-source.ts', import.meta.url));

let folder: string;
let dataFolder: string;
const runs: Run[] = [];
const bridges: SocketBridge[] = [];

/** One run of the program, as a user starts it from a terminal. */
class Run {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<unknown[]>;

  constructor(flags: string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, POOLSCOPE_VAULT_PASSPHRASE: '', ...environment };
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    this.child = fork(program, [folder, '--no-open', ...flags], { env, execArgv: [], stdio: [...stdio] });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    // Not `close`: after a disconnect from this side it never comes.
    const streams = [this.child.stdout, this.child.stderr].map((stream) => once(stream as Readable, 'end'));
    this.ended = Promise.all([once(this.child, 'exit'), ...streams]).then(([exit]) => exit as unknown[]);
    runs.push(this);
  }

  /** The address it prints. */
  async ready(): Promise<string> {
    const address = () => /^Poolscope is ready at (\S+)\n/.exec(this.stdout)?.[1];
    await vi.waitFor(() => expect(address(), this.stderr).toBeDefined(), { timeout: 15_000 });
    return address() ?? '';
  }
}

const start = (...flags: string[]) => new Run(['--port', '0', '--data', dataFolder, ...flags]);

async function openPage(address: string): Promise<SocketBridge> {
  const cookie = await signIn(address);
  const bridge = createSocketBridge(pageConnect(new URL(address).origin, cookie));
  bridges.push(bridge);
  return bridge;
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-serve-'));
  // Root runs the sample server under another account, which has to pass.
  await chmod(folder, 0o711);
  await writeFile(path.join(folder, 'index.html'), '');
  dataFolder = path.join(folder, 'data');
});

afterEach(async () => {
  for (const bridge of bridges.splice(0)) bridge.close();
  for (const run of runs.splice(0)) {
    run.child.kill('SIGKILL');
    await run.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the web shell as a program', () => {
  it('prints one line, with an address that works', async () => {
    const run = start();
    const address = await run.ready();
    expect(run.stdout).toMatch(/^Poolscope is ready at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    expect(run.stderr).toBe('');
    const page = await openPage(address);
    const answer = await page.request('app.info', {}, 'r');
    expect(answer).toMatchObject({
      ok: true,
      data: { shell: 'web', dataFolder, version: expect.any(String) },
    });
  });

  it('keeps its token out of its log', async () => {
    const run = start();
    const token = new URL(await run.ready()).searchParams.get('token') ?? '';
    run.child.kill('SIGTERM');
    await run.ended;
    for (const name of await readdir(dataFolder)) {
      expect(await readFile(path.join(dataFolder, name), 'utf8')).not.toContain(token);
    }
  });

  it.each([
    [['--prot', '1'], /^Unknown option '--prot'\. Usage: .*\n$/],
    [['--port', 'http'], /^--port must be a whole number .* Usage: .*\n$/],
  ])('refuses the flags %j in one line, with status 2', async (flags, sentence) => {
    const run = new Run(flags);
    expect((await run.ended)[0]).toBe(2);
    expect(run.stderr).toMatch(sentence);
    expect(run.stdout).toBe('');
  });

  it('says in one line that another Poolscope uses the data folder, and leaves that one alone', async () => {
    const first = start();
    const address = await first.ready();
    const second = start();
    expect((await second.ended)[0]).toBe(1);
    expect(second.stderr).toBe(
      `Poolscope is already running on the data folder ${dataFolder}. Use the window that is open, quit it first, or start with another folder (--data).\n`,
    );
    expect((await (await openPage(address)).request('app.info', {}, 'r')).ok).toBe(true);
  });

  it('can be started again at once after it was killed', async () => {
    const first = start();
    await first.ready();
    first.child.kill('SIGKILL');
    await first.ended;
    await start().ready();
  });

  it('says in one line that the port is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as { port: number };
    const run = new Run(['--data', dataFolder, '--port', String(port)]);
    expect((await run.ended)[0]).toBe(1);
    expect(run.stderr).toMatch(new RegExp(`^Port ${port} is in use by another program: .*\\n$`));
    expect(await readFile(path.join(dataFolder, 'poolscope.log'), 'utf8')).toContain(
      `Port ${port} is in use`,
    );
    occupant.close();
  });

  it('says in one line that the data folder cannot be used', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const run = new Run(['--data', path.join(folder, 'file')]);
    expect((await run.ended)[0]).toBe(1);
    expect(run.stderr).toMatch(/^The data folder .*file cannot be used: a file stands in its place\. .*\n$/);
  });

  it('keeps passwords under a passphrase, and says in one line when it is the wrong one', async () => {
    const run = (passphrase: string) =>
      new Run(['--port', '0', '--data', dataFolder], { POOLSCOPE_VAULT_PASSPHRASE: passphrase });
    const first = run('correct horse');
    const page = await openPage(await first.ready());
    const info = await page.request('app.info', {}, 'info');
    expect(info).toMatchObject({ ok: true, data: { vault: { kind: 'passphrase', persistent: true } } });
    const draft = { ...profileDefaults, name: 'kept' };
    const password = { kind: 'set' as const, value: 'hunter2' };
    expect((await page.request('profiles.create', { draft, password }, 'create')).ok).toBe(true);
    expect(await readFile(path.join(dataFolder, 'vault.json'), 'utf8')).not.toContain('hunter2');
    first.child.kill('SIGTERM');
    await first.ended;
    const second = run('wrong horse');
    expect((await second.ended)[0]).toBe(1);
    expect(second.stderr).toMatch(/^[^\n]*passphrase[^\n]*\n$/);
    expect(second.stderr).not.toContain('wrong horse');
  });

  it('ends when the script that started it is gone', async () => {
    const run = start();
    await run.ready();
    run.child.disconnect();
    expect((await run.ended)[0]).toBe(0);
  });
});

describe('ending the web shell', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.stop());

  const sessions = () =>
    server.admin(async (client) => {
      const text = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'Poolscope'";
      return (await client.query<{ n: number }>(text)).rows[0]?.n;
    });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s closes pools and pages, leaves no session on the server, and is no failure',
    async (signal) => {
      const run = start();
      const page = await openPage(await run.ready());
      const password = { kind: 'set' as const, value: server.password };
      const created = await page.request(
        'profiles.create',
        { draft: server.draft({ min: 3 }), password },
        'create',
      );
      if (!created.ok) throw new Error(created.error.message);
      await page.request('pools.open', { profileId: created.data.profileId }, 'open');
      await vi.waitFor(async () => expect(await sessions()).toBeGreaterThanOrEqual(3));
      run.child.kill(signal);
      expect(await run.ended).toEqual([0, null]);
      await vi.waitFor(async () => expect(await sessions()).toBe(0));
      expect(run.stderr).toBe('');
    },
  );

  it('ends the sample database, too', async () => {
    const run = start('--sample');
    const page = await openPage(await run.ready());
    const state = async () => {
      const status = await page.request('sampleDatabase.status', {}, 's');
      return status.ok ? status.data.state : status.error;
    };
    await vi.waitFor(async () => expect(await state()).toBe('running'), { timeout: 20_000, interval: 200 });
    const file = path.join(dataFolder, 'sample-database/cluster/postmaster.pid');
    const processId = Number((await readFile(file, 'utf8')).split('\n')[0]);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([0, null]);
    expect(() => process.kill(processId, 0)).toThrow('ESRCH');
  });
});
