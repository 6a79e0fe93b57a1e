import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';

export interface LastError {
  profileId: string;
  name: string;
  message: string;
  /** Null when the engine did not stamp it. */
  atMs: number | null;
}

/**
 * The error the status line shows: the newest failed health check of any open pool, or, when there
 * is none, why a pool could not be opened.
 */
export function newestError(
  pools: readonly PoolStatus[],
  profiles: readonly ProfileView[],
): LastError | null {
  let newest: LastError | null = null;
  for (const pool of pools) {
    const name = profiles.find(({ profileId }) => profileId === pool.profileId)?.name;
    if (name === undefined) continue;
    const failedCheck = pool.state === 'open' ? pool.health.lastError : null;
    const error = failedCheck ?? pool.error;
    if (error === null) continue;
    const candidate = {
      profileId: pool.profileId,
      name,
      message: error.message,
      atMs: failedCheck?.atMs ?? null,
    };
    if (newest === null || (candidate.atMs ?? 0) > (newest.atMs ?? 0)) newest = candidate;
  }
  return newest;
}
