import { stateOfWhole } from '#engine/health/index.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { HealthState } from '#shared/model/health.ts';
import type { Sources } from './collect.ts';

interface PoolHealth {
  profileId: string;
  name: string;
  state: HealthState | 'closed';
  /** Milliseconds of the last health check that passed. */
  roundTripMs: number | null;
  /** ISO 8601, UTC. */
  lastCheckedAt: string | null;
  consecutiveFailures: number;
  /** While checks fail: why. */
  error: Pick<ErrorPayload, 'code' | 'message'> | null;
}

/** What `/health` answers with. */
export interface OverallHealth {
  status: HealthState;
  counts: Record<PoolHealth['state'], number>;
  pools: PoolHealth[];
}

/** The whole as `health.overview` has it. Closed pools are counted and bend nothing: somebody closed them. */
export function overallHealth({
  listProfiles,
  statusOf,
}: Pick<Sources, 'listProfiles' | 'statusOf'>): OverallHealth {
  const pools = listProfiles().map(({ profileId, name }): PoolHealth => {
    const { state, health, error } = statusOf(profileId);
    const isOpen = state === 'open';
    const failure = isOpen ? (health.consecutiveFailures > 0 ? health.lastError : null) : error;
    return {
      profileId,
      name,
      state: isOpen ? health.state : 'closed',
      roundTripMs: health.roundTripMs,
      lastCheckedAt: health.lastCheckedAtMs === null ? null : new Date(health.lastCheckedAtMs).toISOString(),
      consecutiveFailures: health.consecutiveFailures,
      error: failure === null ? null : { code: failure.code, message: failure.message },
    };
  });
  const counts = { healthy: 0, degraded: 0, unhealthy: 0, unknown: 0, closed: 0 };
  for (const { state } of pools) counts[state] += 1;
  return { status: stateOfWhole(counts), counts, pools };
}
