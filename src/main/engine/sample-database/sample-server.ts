import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import * as z from 'zod/mini';
import { EmbeddedServer } from './embedded-server.ts';
import { openSampleFolder, sampleFolderOf } from './sample-folder.ts';
import { findBinaries } from './server-binaries.ts';

const user = 'sample';
const database = 'sample';

/** What must be known again next time; readable by its owner alone. */
const memorySchema = z.object({ password: z.string(), port: z.nullable(z.int()) });
type Memory = z.output<typeof memorySchema>;

/** Where a running sample server listens, and how to get in. */
export interface SampleAddress {
  host: string;
  port: number;
  user: string;
  database: string;
  password: string;
}

/** The one server of the sample database: same data, password and (where free) port in every run. */
export class SampleServer {
  readonly #dataFolder: string;
  #server: EmbeddedServer | null = null;

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
  }

  get running(): boolean {
    return this.#server?.running === true;
  }

  /** The last lines the server wrote, for the log. */
  get recentLog(): string {
    return this.#server?.recentLog ?? '';
  }

  /**
   * Starts the server, creating its data at the first time, and tells each step.
   * @throws EngineError `sample_database_failed`, `not_supported`
   */
  async start(onStep: (step: string) => void): Promise<SampleAddress> {
    onStep('Looking for the PostgreSQL programs');
    const folder = await openSampleFolder(this.#dataFolder);
    const memory = await recall(folder);
    let server = await this.#use(folder, memory);
    onStep('Creating its data folder');
    await server.create();
    await server.endLeftover();
    onStep('Starting PostgreSQL');
    try {
      await server.start();
    } catch (error) {
      if (memory.port === null || !/could not bind|in use/i.test(server.recentLog)) throw error;
      // Another program has taken the port since last time.
      server = await this.#use(folder, { ...memory, port: null });
      await server.start();
    }
    await remember(folder, { ...memory, port: server.port });
    const address = { host: server.host, port: server.port, user, database, password: memory.password };
    onStep('Creating the database');
    await ensureDatabase(address);
    return address;
  }

  /** Ends a server that a crashed run left behind; without one, does nothing. */
  async endLeftover(): Promise<void> {
    const folder = await sampleFolderOf(this.#dataFolder);
    if (!existsSync(path.join(clusterOf(folder), 'postmaster.pid'))) return;
    const server = await this.#use(folder, await recall(folder));
    await server.endLeftover();
    await server.stop();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** For a process that exits now: asks the server to end at once, without waiting for it. */
  killNow(): void {
    const processId = this.#server?.processId;
    if (processId === undefined) return;
    try {
      process.kill(processId, process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT');
    } catch {
      // It is gone already.
    }
  }

  async #use(folder: string, { password, port }: Memory): Promise<EmbeddedServer> {
    await this.#server?.stop();
    this.#server = new EmbeddedServer({
      binaries: await findBinaries(),
      dataFolder: clusterOf(folder),
      user,
      password,
      ...(port !== null && { port }),
    });
    return this.#server;
  }
}

const clusterOf = (folder: string) => path.join(folder, 'cluster');
const memoryFile = (folder: string) => path.join(folder, 'server.json');

/** Without the file nobody knows the password of the cluster: it is set aside, and a new one begun. */
async function recall(folder: string): Promise<Memory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(memoryFile(folder), 'utf8')));
  } catch {
    const aside = `${clusterOf(folder)}-${Date.now()}`;
    if (existsSync(clusterOf(folder))) await rename(clusterOf(folder), aside);
    const memory: Memory = { password: randomBytes(24).toString('base64url'), port: null };
    await remember(folder, memory);
    return memory;
  }
}

async function remember(folder: string, memory: Memory): Promise<void> {
  await writeFile(memoryFile(folder), `${JSON.stringify(memory)}\n`, { mode: 0o600 });
}

async function ensureDatabase(address: SampleAddress): Promise<void> {
  const client = new pg.Client({ ...address, database: 'postgres', ssl: false });
  // A server that dies under it fails the query under way; the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}
