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
  status: 'healthy' | 'degraded' | 'unhealthy';
  counts: Record<PoolHealth['state'], number>;
  pools: PoolHealth[];
}

/**
 * `unhealthy`: no open pool is of use. `degraded`: some are not, or some answer slowly. Closed
 * pools are counted and bend nothing: somebody closed them. Without an open pool nothing is wrong.
 */
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
  const openCount = pools.length - counts.closed;
  const allLost = openCount > 0 && counts.unhealthy === openCount;
  const isWell = counts.unhealthy + counts.degraded === 0;
  return { status: allLost ? 'unhealthy' : isWell ? 'healthy' : 'degraded', counts, pools };
}
