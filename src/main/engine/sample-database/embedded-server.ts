import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EngineError } from '../base/errors.ts';
import type { ServerBinaries } from './server-binaries.ts';
import { type Account, handOver, reachableBinaries, serverAccount } from './unprivileged.ts';

const run = promisify(execFile);
const startDeadlineMs = 30_000;
const fastShutdownMs = 3000;
const immediateShutdownMs = 6000;
const keptLogLines = 20;
/** Between the name of the data folder and an id, where a cluster is being created. */
const unfinished = '.new-';

export interface EmbeddedServerOptions {
  binaries: ServerBinaries;
  /** Created when missing. An empty one gets a new cluster; one that has a cluster is used as it is. */
  dataFolder: string;
  user: string;
  /** Set when the cluster is created; a later change here does not reach the server. */
  password: string;
  /** A free port is taken when absent. */
  port?: number;
  /** Server settings by name, over those this class needs. */
  settings?: Record<string, string>;
}

type Shutdown = 'fast' | 'immediate';
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** PG variables of our own surroundings must not bend the server's, and ours are none of its business. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(PG|POOLSCOPE_)/i.test(name));
  return { ...Object.fromEntries(entries), LC_ALL: 'C' };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const failure = (message: string, cause?: unknown) =>
  new EngineError(
    'sample_database_failed',
    message,
    { remedy: 'Try again; the log has the details.' },
    { cause },
  );

/**
 * One PostgreSQL server as a child process: loopback only, passwords by SCRAM, no Unix socket.
 * `start` and `stop` may alternate; calls must not overlap.
 */
export class EmbeddedServer {
  readonly host = '127.0.0.1';
  readonly dataFolder: string;
  readonly #options: EmbeddedServerOptions;
  #port: number;
  #child: ChildProcess | null = null;
  #account: Account = {};
  #binaries: ServerBinaries;
  #disposeBinaries = async (): Promise<void> => {};
  #log: string[] = [];

  constructor(options: EmbeddedServerOptions) {
    this.#options = options;
    this.#binaries = options.binaries;
    this.#port = options.port ?? 0;
    this.dataFolder = options.dataFolder;
  }

  /** 0 until the first start when none was given. */
  get port(): number {
    return this.#port;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** The child's process id, for those who must end it without waiting. */
  get processId(): number | undefined {
    return this.#child?.pid;
  }

  /** The last lines the server or initdb wrote. */
  get recentLog(): string {
    return this.#log.join('\n');
  }

  /**
   * Creates the cluster if there is none: beside its place, and moved there once it is whole, because
   * initdb writes early what a cluster is known by. @throws EngineError `sample_database_failed`.
   */
  async create(): Promise<void> {
    await this.#prepare();
    if (await exists(path.join(this.dataFolder, 'PG_VERSION'))) return;
    await this.#deleteUnfinished();
    const workFolder = await mkdtemp(`${this.dataFolder}${unfinished}`);
    try {
      const passwordFile = path.join(workFolder, 'password');
      const cluster = path.join(workFolder, 'cluster');
      await writeFile(passwordFile, `${this.#options.password}\n`, { mode: 0o600 });
      await handOver(workFolder, this.#account);
      await handOver(passwordFile, this.#account);
      const { initdb } = this.#binaries;
      const how = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
      const who = [`--username=${this.#options.user}`, `--pwfile=${passwordFile}`];
      await run(initdb, [`--pgdata=${cluster}`, ...how, ...who], this.#spawnOptions(workFolder));
      // Windows does not rename onto a folder, not even an empty one.
      await rm(this.dataFolder, { recursive: true, force: true });
      await rename(cluster, this.dataFolder);
    } catch (error) {
      if (error instanceof EngineError) throw error;
      this.#keepLog(String((error as { stderr?: string }).stderr ?? error));
      throw failure('The data folder of the database could not be created.', error);
    } finally {
      await this.#deleteUnfinished();
    }
  }

  /** What is left of creating a cluster, now or before a crash, the password included. */
  async #deleteUnfinished(): Promise<void> {
    const parent = path.dirname(this.dataFolder);
    const start = `${path.basename(this.dataFolder)}${unfinished}`;
    for (const name of await readdir(parent)) {
      // An initdb that outlived a crash may still be writing there; what stays is deleted next time.
      const patience = { recursive: true, force: true, maxRetries: 5 };
      if (name.startsWith(start)) await rm(path.join(parent, name), patience).catch(() => {});
    }
  }

  /**
   * Ends a server of ours that outlived a crash of Poolscope and would hold the data folder and a
   * port. @throws EngineError `sample_database_failed`.
   */
  async endLeftover(): Promise<void> {
    const pid = Number((await this.#postmasterFile())[0]);
    if (this.#child !== null || !(pid > 0) || !(await runsOn(pid, this.dataFolder))) return;
    await this.#prepare();
    const arguments_ = ['stop', '-D', this.dataFolder, '-m', 'fast', '-w', '-t', '10'];
    await run(this.#binaries.pgCtl, arguments_, this.#spawnOptions()).catch((error: unknown) => {
      throw failure('A sample database of an earlier run is still there and could not be stopped.', error);
    });
  }

  /** Starts the server and waits until it accepts connections. @throws EngineError `sample_database_failed`. */
  async start(): Promise<void> {
    if (this.#child !== null) return;
    await this.create();
    await this.endLeftover();
    const portIsOurs = this.#port === 0;
    for (let attempt = 1; ; attempt += 1) {
      if (portIsOurs) this.#port = await freePort();
      try {
        return await this.#launch();
      } catch (error) {
        // Another process may take a free port between our look and the server's bind.
        if (!portIsOurs || attempt === 3 || !/could not bind|in use/i.test(this.recentLog)) throw error;
      }
    }
  }

  /** Ends sessions and stops; the hard way when that takes longer than 3 s. Idempotent. */
  async stop(): Promise<void> {
    await this.#shutDown('fast', fastShutdownMs);
    await this.#shutDown('immediate', immediateShutdownMs);
    this.#child?.kill('SIGKILL');
    await this.#disposeBinaries();
    this.#disposeBinaries = async () => {};
  }

  /** Breaks every session at once and leaves recovery to the next start, as a crash does. */
  async crash(): Promise<void> {
    await this.#shutDown('immediate', immediateShutdownMs);
  }

  async #prepare(): Promise<void> {
    this.#account = await serverAccount();
    await this.#disposeBinaries();
    const reachable = await reachableBinaries(this.#options.binaries, this.#account);
    this.#binaries = reachable.binaries;
    this.#disposeBinaries = reachable.dispose;
    await mkdir(this.dataFolder, { recursive: true, mode: 0o700 });
    await handOver(this.dataFolder, this.#account);
  }

  #spawnOptions(cwd = this.dataFolder) {
    return { ...this.#account, cwd, env: serverEnvironment(), windowsHide: true };
  }

  async #postmasterFile(): Promise<string[]> {
    const text = await readFile(path.join(this.dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
    return text.split('\n').map((line) => line.trim());
  }

  async #launch(): Promise<void> {
    const settings: Record<string, string> = {
      listen_addresses: this.host,
      port: String(this.#port),
      unix_socket_directories: '',
      lc_messages: 'C',
      ...this.#options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#log = [];
    // Detached: Ctrl-C reaches the whole foreground group, and we end our sessions first.
    const child = spawn(this.#binaries.postgres, ['-D', this.dataFolder, ...flags], {
      ...this.#spawnOptions(),
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#keepLog(text));
    child.on('error', (error) => this.#keepLog(error.message));
    child.once('close', () => {
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
    const deadline = performance.now() + startDeadlineMs;
    while (this.#child === child && performance.now() < deadline) {
      const lines = await this.#postmasterFile();
      // Line 8 of postmaster.pid is what pg_ctl waits for, too.
      if (lines[0] === String(child.pid) && lines[7] === 'ready') return;
      await sleep(20);
    }
    await this.stop();
    throw failure('The database server did not start.', new Error(this.recentLog));
  }

  #keepLog(text: string): void {
    this.#log = [...this.#log, ...text.split('\n').filter((line) => line !== '')].slice(-keptLogLines);
  }

  async #shutDown(how: Shutdown, deadlineMs: number): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const closed = once(child, 'close');
    if (process.platform === 'win32') {
      const arguments_ = ['stop', '-D', this.dataFolder, '-m', how, '-W'];
      await run(this.#binaries.pgCtl, arguments_, this.#spawnOptions()).catch(() => {});
    } else {
      child.kill(signals[how]);
    }
    const patience = new AbortController();
    await Promise.race([closed, sleep(deadlineMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Whether that process is a server on that data folder; process ids are used again. */
async function runsOn(pid: number, dataFolder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    // Small systems and containers often have no `ps`.
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine.split('\0').includes(dataFolder);
  }
  const { stdout } = await run('ps', ['-ww', '-p', String(pid), '-o', 'args=']).catch(() => ({ stdout: '' }));
  return stdout.includes(dataFolder);
}
