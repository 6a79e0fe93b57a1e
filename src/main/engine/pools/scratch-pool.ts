import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EventLog } from './event-log.ts';
import { InstrumentedPool } from './instrumented-pool.ts';
import type { ConnectionConfig } from './metered-pool.ts';

/**
 * A pool of exactly this size that stands in no list: nobody samples, checks or resizes it. Resets and
 * checks as the profile's does; opens no connection twice and closes none by age. The caller ends it.
 */
export function createScratchPool(
  profile: ProfileDraft,
  size: number,
  connectionConfig: (signal: AbortSignal) => Promise<ConnectionConfig>,
  clock: Clock,
): InstrumentedPool {
  return new InstrumentedPool({
    profileId: 'scratch',
    settings: {
      ...profile,
      ...{ min: size, max: size, overflow: 0, idleTimeoutMs: 0, maxLifetimeMs: 0, maxUses: 0 },
      ...{ retries: 0, breakerThreshold: 0, leakThresholdMs: 0, logStatements: false },
    },
    connectionConfig,
    clock,
    log: new EventLog(clock),
  });
}
