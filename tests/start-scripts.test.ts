import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const root = path.join(import.meta.dirname, '..');

let folder: string;
const runs: Run[] = [];

/** A script of the README, started with a clean slate of settings. */
class Run {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<unknown[]>;

  constructor(command: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      POOLSCOPE_DATA: path.join(folder, 'data'),
      ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
      ...environment,
    };
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'POOLSCOPE_SHELL', 'ELECTRON_OVERRIDE_DIST_PATH']) {
      if (environment[name] === undefined) delete env[name];
    }
    this.child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    // The streams end with the last process that holds them: grandchildren count.
    const streams = [this.child.stdout, this.child.stderr].map((stream) => once(stream as Readable, 'end'));
    this.ended = Promise.all([once(this.child, 'exit'), ...streams]).then(([exit]) => exit as unknown[]);
    runs.push(this);
  }

  async says(stream: 'stdout' | 'stderr', words: string): Promise<void> {
    await vi.waitFor(() => expect(this[stream]).toContain(words), { timeout: 20_000 });
  }
}

const start = (environment: NodeJS.ProcessEnv, ...flags: string[]) =>
  new Run(process.execPath, ['scripts/start.mjs', ...flags], environment);
const serve = (...flags: string[]) =>
  new Run(process.execPath, ['scripts/serve.mjs', '--port', '0', '--no-open', ...flags]);

/** A program where Electron's would be. It notes its arguments and does as told. */
async function standInElectron(script: string): Promise<NodeJS.ProcessEnv> {
  const file = path.join(folder, 'dist/electron');
  await mkdir(path.dirname(file));
  await writeFile(file, `#!/bin/sh\necho "$@" > '${folder}/arguments'\n${script}\n`);
  await chmod(file, 0o755);
  return { ELECTRON_OVERRIDE_DIST_PATH: path.dirname(file), DISPLAY: ':99' };
}

beforeAll(async () => {
  folder = tmpdir();
  const built = new Run(process.execPath, ['scripts/ensure-built.mjs']);
  expect((await built.ended)[0], built.stderr).toBe(0);
}, 120_000);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-scripts-'));
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.child.kill('SIGTERM');
    await run.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

describe('npm run serve', () => {
  it('prints one line and nothing else on stdout, and passes its flags on', async () => {
    const run = serve();
    await run.says('stdout', '\n');
    expect(run.stdout).toMatch(/^Poolscope is ready at http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/);
    expect(existsSync(path.join(folder, 'data'))).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends on %s with all that it started, as a success',
    async (signal) => {
      const run = serve();
      await run.says('stdout', 'ready');
      run.child.kill(signal);
      expect(await run.ended).toEqual([0, null]);
    },
  );

  it("passes on the web shell's verdict on its flags", async () => {
    const run = serve('--prot', '1');
    expect(await run.ended).toEqual([2, null]);
    expect(run.stderr).toContain("Unknown option '--prot'.");
  });

  it('ends when npm is ended and its shell dies without a word', async () => {
    const script = `'${process.execPath}' scripts/serve.mjs --port 0 --no-open; true`;
    const run = new Run('sh', ['-c', script], { npm_lifecycle_event: 'serve' });
    await run.says('stdout', 'ready');
    run.child.kill('SIGKILL');
    await run.ended;
  });
});

describe('npm start', () => {
  it('runs the app in Electron where its runtime is present', async () => {
    const run = start(await standInElectron('exit 7'), '--sample');
    expect(await run.ended).toEqual([7, null]);
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toContain(`${root}/ --sample`);
    expect(run.stderr).not.toContain('browser');
  });

  it('passes signals on to Electron and waits for it', async () => {
    const run = start(await standInElectron("trap 'exit 0' TERM\nwhile :; do sleep 0.1; done"));
    await vi.waitFor(() => expect(existsSync(path.join(folder, 'arguments'))).toBe(true), {
      timeout: 10_000,
    });
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([0, null]);
  });

  it.each([
    ['exit 127', 'a system library may be missing'],
    ['kill -TRAP $$', 'a system library may be missing'],
  ])(
    'falls back to the web shell when the runtime does not start (%s), and says so',
    async (script, reason) => {
      const run = start({ ...(await standInElectron(script)), CHROME_PATH: '/nonexistent' });
      await run.says('stdout', 'Poolscope is ready at http://127.0.0.1:');
      expect(run.stderr).toContain(
        'Poolscope runs in the browser, not in Electron: its runtime does not start',
      );
      expect(run.stderr).toContain(reason);
      await run.says('stderr', 'No Chromium, Chrome or Edge is installed here');
    },
  );

  it('says that there is no display, and prints the address', async () => {
    const run = start({});
    await run.says('stdout', 'Poolscope is ready at http://127.0.0.1:');
    expect(run.stderr).toContain(
      'Poolscope runs in the browser, not in Electron: there is no display here.\n',
    );
  });

  it('does not try Electron when POOLSCOPE_SHELL=web', async () => {
    const run = start({
      ...(await standInElectron('exit 7')),
      POOLSCOPE_SHELL: 'web',
      CHROME_PATH: '/nonexistent',
    });
    await run.says('stdout', 'Poolscope is ready at');
    expect(existsSync(path.join(folder, 'arguments'))).toBe(false);
  });

  it.skipIf(existsSync(path.join(root, 'node_modules/electron/path.txt')))(
    'tries once to fetch the runtime, and says why it could not (not run where the runtime is installed)',
    async () => {
      const run = start({
        DISPLAY: ':99',
        CHROME_PATH: '/nonexistent',
        ELECTRON_SKIP_BINARY_DOWNLOAD: '',
        // Nobody listens on the discard port.
        ELECTRON_MIRROR: 'http://127.0.0.1:9/',
        electron_config_cache: path.join(folder, 'cache'),
      });
      await run.says('stdout', 'Poolscope is ready at');
      expect(run.stderr).toMatch(/^Fetching the Electron \S+ runtime \(over 100 MB, once; at most 90 s\)…$/m);
      expect(run.stderr).toContain(
        'not in Electron: its runtime could not be fetched (the download site cannot be reached).\n',
      );
      expect(run.stderr).not.toContain('    at ');
    },
  );
});
