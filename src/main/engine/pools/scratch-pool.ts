import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EventLog } from './event-log.ts';
import { InstrumentedPool } from './instrumented-pool.ts';
import type { ConnectionConfig } from './metered-pool.ts';

/** Logging in may take this long, whatever the profile lets a request wait. */
const openingWaitMs = 60_000;

export interface ScratchPool {
  pool: InstrumentedPool;
  /** From now on requests give up as the profile's do. */
  obeyTimeouts(): void;
}

/**
 * A pool of exactly this size that stands in no list: nobody samples, checks or resizes it. Resets and
 * checks as the profile's does; opens no connection twice and closes none by age. The caller ends it.
 */
export function createScratchPool(
  profile: ProfileDraft,
  size: number,
  connectionConfig: (signal: AbortSignal) => Promise<ConnectionConfig>,
  clock: Clock,
): ScratchPool {
  const settings = {
    ...profile,
    ...{ min: size, max: size, overflow: 0, idleTimeoutMs: 0, maxLifetimeMs: 0, maxUses: 0 },
    ...{ retries: 0, breakerThreshold: 0, leakThresholdMs: 0, logStatements: false },
  };
  const opening = { ...settings, waitTimeoutMs: Math.max(settings.waitTimeoutMs, openingWaitMs) };
  const log = new EventLog(clock);
  const pool = new InstrumentedPool({
    profileId: 'scratch',
    settings: opening,
    connectionConfig,
    clock,
    log,
  });
  return { pool, obeyTimeouts: () => pool.apply(settings) };
}
