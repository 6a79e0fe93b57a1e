import type { PoolStatus } from '#shared/contract/pools.ts';

/** When the present streak of failures of each failing pool began; null when that was before we looked. */
export type FailingSince = ReadonlyMap<string, number | null>;

/** True while its checks fail, or after it could not be opened. */
export function isFailing({ state, error, health }: PoolStatus): boolean {
  return state === 'open' ? health.consecutiveFailures > 0 : state === 'closed' && error !== null;
}

/**
 * Follows the streaks from one state of the pools to the next. A check carries its own time; the engine
 * does not stamp a pool that could not be opened, so the moment we heard of it stands in. `before` is
 * null at the first look. Answers with `before` itself when nothing changed.
 */
export function failingSince(
  before: FailingSince | null,
  pools: readonly PoolStatus[],
  nowMs: number,
): FailingSince {
  const next = new Map<string, number | null>();
  for (const pool of pools) {
    if (!isFailing(pool)) continue;
    const { profileId, health } = pool;
    const known = before?.get(profileId);
    const heardAtMs = before === null ? null : nowMs;
    const startedAtMs = pool.state === 'open' ? (health.lastError?.atMs ?? heardAtMs) : heardAtMs;
    next.set(profileId, known === undefined ? startedAtMs : known);
  }
  const same = before !== null && before.size === next.size && [...next.keys()].every((id) => before.has(id));
  return same ? before : next;
}
