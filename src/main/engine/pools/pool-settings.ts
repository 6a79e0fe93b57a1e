import type { ProfileChange } from '#engine/profiles/index.ts';
import type { poolFields } from '#shared/model/profile/pool.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';

/** What a pool reads of its profile while it runs. Read anew each time, so that a change holds at once. */
export type PoolSettings = Pick<
  ProfileDraft,
  | keyof typeof poolFields
  | 'retries'
  | 'retryDelayMs'
  | 'breakerThreshold'
  | 'breakerHalfOpenMs'
  | 'healthTimeoutMs'
  | 'logStatements'
>;

/** Settings that a running pool, or its health checks, take over without a new connection. */
const live: ReadonlySet<string> = new Set<keyof ProfileDraft>([
  ...(['name', 'readOnly', 'queryWrites', 'logStatements'] as const),
  ...(['min', 'max', 'overflow', 'reuseOrder', 'idlePoolCloseMs'] as const),
  ...(['waitTimeoutMs', 'connectTimeoutMs', 'idleTimeoutMs'] as const),
  ...(['maxLifetimeMs', 'lifetimeJitterPercent', 'maxUses'] as const),
  ...(['onRelease', 'checkBeforeUse', 'checkIdleMs', 'leakThresholdMs'] as const),
  ...(['retries', 'retryDelayMs', 'breakerThreshold', 'breakerHalfOpenMs'] as const),
  ...(['healthIntervalMs', 'healthTimeoutMs', 'healthStatement'] as const),
]);

type Profile = ProfileChange['profile'];

/** By value: each profile that is read from the wire or a file has lists of its own. */
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * What a change of a profile asks of its pool: nothing, new settings, or to be opened anew because
 * its connections go elsewhere, or begin otherwise, than those that are open.
 */
export function effectOf(before: Profile, after: Profile): 'none' | 'apply' | 'reopen' {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof Profile)[]);
  const changed = [...keys].filter((key) => !isSame(before[key], after[key]));
  if (changed.some((key) => !live.has(key))) return 'reopen';
  return changed.length > 0 ? 'apply' : 'none';
}

const sizeOf = ({ min, max, overflow }: PoolSettings): string =>
  `${min} to ${max} connections${overflow > 0 ? ` and ${overflow} more at need` : ''}`;

/** What a change of settings does to the size of a pool, as a sentence; null when it does nothing to it. */
export function sizeChange(before: PoolSettings, after: PoolSettings): string | null {
  const [was, is] = [sizeOf(before), sizeOf(after)];
  return was === is ? null : `The pool is now of ${is}; it was of ${was}.`;
}
