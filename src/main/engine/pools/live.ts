import { HealthMonitor } from '#engine/health/index.ts';
import type { HealthReport } from '#shared/model/health.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { EventLog } from './event-log.ts';
import { InstrumentedPool } from './instrumented-pool.ts';
import type { MeteredClient } from './metered-client.ts';
import type { ConnectionConfig } from './metered-pool.ts';

/** What stands in a pool's place when the profile leads to a pooler's console. */
export interface OpenConsole {
  readonly report: HealthReport;
  /** A database answered where a console was expected. */
  readonly isMistaken: boolean;
  /** Never rejects. */
  checkNow(): Promise<HealthReport>;
  stop(): void;
  end(deadlineMs: number): Promise<void>;
}

/** What an open profile is made of. `isMistaken`: its first answer shows that it is the other kind. */
export type Live<Console extends OpenConsole = OpenConsole> = {
  isMistaken(): boolean;
  end(deadlineMs: number): Promise<void>;
} & (
  | {
      kind: 'database';
      pool: InstrumentedPool;
      monitor: HealthMonitor;
      /** Takes over settings of the profile that need no new connection. */
      apply(profile: ProfileDraft): void;
    }
  | { kind: 'console'; monitor: Console }
);

interface PoolParts {
  profileId: string;
  profile: ProfileDraft;
  eventLog: EventLog;
  connectionConfig(profileId: string, signal: AbortSignal): Promise<ConnectionConfig>;
  clock: Clock;
  log: Logger;
  onReport(): void;
}

/** A pool with its monitor, which looks out for a console at its first check. */
export function raisePool({
  profileId,
  profile,
  eventLog,
  connectionConfig,
  clock,
  log,
  onReport,
}: PoolParts): Live<never> {
  let isConsole = false;
  let settings = profile;
  const pool = new InstrumentedPool({
    profileId,
    settings: profile,
    connectionConfig: (signal) => connectionConfig(profileId, signal),
    clock,
    log: eventLog,
    onShut: (nextAttemptInMs) => monitor.checkWithin(nextAttemptInMs),
  });
  const monitor: HealthMonitor = new HealthMonitor({
    pool: {
      get openCount() {
        return pool.openCount;
      },
      get isExhausted() {
        return pool.isExhausted;
      },
      get nextAttemptInMs() {
        return pool.nextAttemptInMs;
      },
      async connect(options) {
        const client = await pool.connect(options);
        // Only PgBouncer names itself so, and on its console alone; other consoles are known by their database's name.
        if (!(client as unknown as MeteredClient).serverVersion.includes('bouncer')) return client;
        isConsole = true;
        client.release(true);
        throw new EngineError('not_supported', "This is PgBouncer's own console, not a database.");
      },
    },
    terms: () => ({
      capacity: pool.capacity,
      intervalMs: settings.healthIntervalMs,
      timeoutMs: settings.healthTimeoutMs,
      statement: settings.healthStatement,
    }),
    clock,
    log,
    onReport: (report) => {
      if (report.consecutiveFailures === 0) pool.topUp();
      onReport();
    },
  });
  const apply = (changed: ProfileDraft) => {
    settings = changed;
    pool.apply(changed);
    monitor.termsChanged();
  };
  return { kind: 'database', pool, monitor, apply, isMistaken: () => isConsole, end: (ms) => pool.end(ms) };
}

/** A console, which finds out at its first check whether it is one. */
export function raiseConsole<Console extends OpenConsole>(
  open: (onReport: () => void) => Console,
  onReport: () => void,
): Live<Console> {
  const monitor = open(onReport);
  return { kind: 'console', monitor, isMistaken: () => monitor.isMistaken, end: (ms) => monitor.end(ms) };
}
