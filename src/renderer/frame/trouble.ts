import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type FailingSince, isFailing } from './failing-since.ts';

interface OneError {
  profileId: string;
  name: string;
  message: string;
  /** When it happened, or when its streak began; null when that is not known. */
  atMs: number | null;
}

/** What the status line says of errors. */
export type Trouble =
  | { kind: 'none' }
  /** All is well now; this was the newest failed check. */
  | ({ kind: 'past' } & OneError)
  | ({ kind: 'one' } & OneError)
  | { kind: 'several'; count: number };

/**
 * One failing connection is named with its error; of several only the number is told, for their checks
 * fail in turn and the line would change every second.
 */
export function troubleOf(
  pools: readonly PoolStatus[],
  profiles: readonly ProfileView[],
  since: FailingSince,
): Trouble {
  const names = new Map(profiles.map(({ profileId, name }) => [profileId, name]));
  const known = pools.filter(({ profileId }) => names.has(profileId));
  const failing = known.filter(isFailing);
  if (failing.length > 1) return { kind: 'several', count: failing.length };
  const [one] = failing;
  if (one !== undefined) {
    const { profileId, health, error } = one;
    const message = (one.state === 'open' ? health.lastError : error)?.message ?? '';
    return {
      kind: 'one',
      profileId,
      name: names.get(profileId) ?? '',
      message,
      atMs: since.get(profileId) ?? null,
    };
  }
  const past = known
    .filter(({ state }) => state === 'open')
    .sort((a, b) => (b.health.lastError?.atMs ?? 0) - (a.health.lastError?.atMs ?? 0))[0];
  if (past === undefined || past.health.lastError === null) return { kind: 'none' };
  const { message, atMs } = past.health.lastError;
  return { kind: 'past', profileId: past.profileId, name: names.get(past.profileId) ?? '', message, atMs };
}
