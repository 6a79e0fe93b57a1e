import { createRequire } from 'node:module';
import type { Handlers } from '#shared/contract/define.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { SampleDatabaseStatus, sampleDatabaseRoutes } from '#shared/contract/sample-database.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import { type SampleAddress, SampleServer } from './sample-server.ts';
import { binariesPackage } from './server-binaries.ts';
import { Workload, type WorkloadPool } from './workload.ts';

/** What the room needs of its siblings. */
export interface SampleDatabaseDeps {
  dataFolder: string;
  profiles: { saveSample(draft: ProfileDraft, password: string): Promise<{ profileId: string }> };
  pools: {
    open(profileId: string): Promise<PoolStatus>;
    close(profileId: string): Promise<PoolStatus>;
    poolOf(profileId: string): WorkloadPool;
  };
  events: EventBus;
  log: Logger;
}

export interface SampleDatabase {
  /** Whether this machine has the PostgreSQL programs; they are an optional dependency. */
  available: boolean;
  handlers: Handlers<typeof sampleDatabaseRoutes>;
  /** Server, profile, pool, workload. @throws EngineError */
  start(): Promise<void>;
  stopWorkload(): Promise<void>;
  /** Stops everything when the sample profile is deleted, and starts again when that is undone. */
  profileChanged(change: { kind: string; profile: { kind: 'user' | 'sample' } }): void;
  /** Workload, pool, server. Idempotent; also ends a start under way. */
  stop(): Promise<void>;
}

const watchMs = 1000;

export function createSampleDatabase(deps: SampleDatabaseDeps): SampleDatabase {
  const { profiles, pools, events, log } = deps;
  const server = new SampleServer(deps.dataFolder);
  const available = isInstalled();
  let status: SampleDatabaseStatus = {
    state: 'stopped',
    step: '',
    profileId: null,
    workloadRunning: false,
    error: null,
  };
  let profileId = '';
  /** Where the server listens, while it runs. */
  let address: SampleAddress | null = null;
  let watch: NodeJS.Timeout | undefined;
  let isStopWanted = false;
  /** Whether it ran when its profile was deleted. */
  let wasRunning = false;
  const workload = new Workload(() => pools.poolOf(profileId));

  const change = (changes: Partial<SampleDatabaseStatus>) => {
    status = { ...status, ...changes, workloadRunning: workload.running };
    events.emit('sampleDatabase.changed', status);
    return status;
  };

  // A server is a process of its own and would outlive us.
  const killNow = () => server.killNow();

  const advance = (step: string) => {
    if (isStopWanted) throw new EngineError('cancelled', 'The sample database was stopped while it started.');
    change({ step });
  };

  /** Saves the profile of the running server, and opens its pool. */
  const offer = async ({ password, ...target }: SampleAddress) => {
    ({ profileId } = await profiles.saveSample({ ...sampleDraft, ...target }, password));
    await pools.open(profileId);
  };

  /** Asked to start while the server runs: its pool may be closed, or its profile deleted. */
  const reopen = async (at: SampleAddress) => {
    await pools.open(profileId).catch(() => offer(at));
    change({ profileId });
  };

  const startNow = async () => {
    if (address !== null) return reopen(address);
    change({ state: 'starting', error: null });
    process.once('exit', killNow);
    try {
      address = await server.start(advance);
      advance('Opening its pool');
      await offer(address);
      if (!isStopWanted) workload.start();
      watch = setInterval(noticeEnd, watchMs);
      watch.unref();
      change({ state: 'running', step: '', profileId });
    } catch (error) {
      log.error({ err: error, server: server.recentLog }, 'the sample database did not start');
      await stopServer();
      const known = error instanceof EngineError ? error : cannotStart(error);
      const isCancelled = known.code === 'cancelled';
      change({ state: 'stopped', step: '', profileId: null, error: isCancelled ? null : known.toPayload() });
      throw known;
    }
  };

  const stopServer = async () => {
    clearInterval(watch);
    address = null;
    await server.stop();
    process.removeListener('exit', killNow);
  };

  const stopNow = async () => {
    if (status.state !== 'running') return;
    change({ state: 'stopping' });
    await workload.stop();
    await pools.close(profileId).catch((error) => log.warn({ err: error }, 'the sample pool did not close'));
    await stopServer();
    change({ state: 'stopped', profileId: null, error: null });
  };

  /** A server that was killed from outside; its pool finds out by itself. */
  const noticeEnd = () => {
    if (server.running) return;
    log.error({ server: server.recentLog }, 'the sample database ended by itself');
    void inTurn(async () => {
      if (status.state !== 'running' || server.running) return;
      await workload.stop();
      await stopServer();
      change({ state: 'stopped', profileId: null, error: endedByItself.toPayload() });
    });
  };

  // Starts and stops take seconds and must not overlap.
  const inTurn = createSerialQueue();

  const start = () => inTurn(startNow);
  const stop = async () => {
    isStopWanted = true;
    try {
      await inTurn(stopNow);
    } finally {
      isStopWanted = false;
    }
  };

  if (available) {
    void inTurn(async () => {
      await server.endLeftover().catch((error) => log.warn({ err: error }, 'a leftover sample server stays'));
    });
  }

  return {
    available,
    handlers: {
      'sampleDatabase.status': () => status,
      async 'sampleDatabase.start'() {
        await start();
        return status;
      },
      async 'sampleDatabase.stop'() {
        await stop();
        return status;
      },
      async 'sampleDatabase.setWorkload'({ running }) {
        if (status.state !== 'running') throw notRunning;
        if (running) workload.start();
        else await workload.stop();
        return change({});
      },
    },
    start,
    async stopWorkload() {
      await workload.stop();
      change({});
    },
    profileChanged({ kind, profile }) {
      if (profile.kind !== 'sample') return;
      // Neither is waited for: a start may itself wait for the profiles to be saved.
      if (kind === 'deleted') {
        wasRunning = status.state === 'running';
        stop().catch((error) => log.warn({ err: error }, 'the sample database did not stop'));
      } else if (kind === 'restored' && wasRunning) {
        start().catch(() => {});
      }
    },
    stop,
  };
}

const sampleDraft: ProfileDraft = {
  ...profileDefaults,
  name: 'Sample database',
  tlsMode: 'disable',
  min: 2,
  max: 10,
  waitTimeoutMs: 5000,
};

const notRunning = new EngineError('sample_database_failed', 'The sample database is not running.', {
  remedy: 'Start it first.',
});

const endedByItself = new EngineError('sample_database_failed', 'The sample database ended by itself.', {
  remedy: 'Start it again; the log has the details.',
});

const cannotStart = (cause: unknown) =>
  new EngineError(
    'sample_database_failed',
    'The sample database could not be started.',
    { remedy: 'Try again; the log has the details.' },
    { cause },
  );

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(binariesPackage());
    return true;
  } catch {
    return false;
  }
}
