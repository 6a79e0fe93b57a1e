import type { Machine } from '#engine/machine/index.ts';
import type { BreakerStatus } from '#shared/contract/pool-control.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { MetricFamily } from './family.ts';
import { machineFamilies } from './machine-families.ts';
import { poolFamilies } from './pool-families.ts';
import { poolNames } from './pool-names.ts';
import type { PoolTotals } from './pool-totals.ts';

/** What metrics are made of. */
export interface Sources {
  listProfiles(): readonly { profileId: string; name: string }[];
  statusOf(profileId: string): PoolStatus;
  totalsOf(profileId: string): PoolTotals | undefined;
  /** Null when no pool of a database is open. */
  breakerOf(profileId: string): BreakerStatus['state'] | null;
  machine: Pick<Machine, 'latest'>;
  version: string;
}

/** Every metric there is now: those of all pools with the machine's, or those of one pool alone. */
export function collect(sources: Sources, profileId: string | null): MetricFamily[] {
  const pools = poolNames(sources.listProfiles())
    .filter((pool) => profileId === null || pool.profileId === profileId)
    .map((pool) => {
      const status = sources.statusOf(pool.profileId);
      const totals = status.state === 'open' ? sources.totalsOf(pool.profileId) : undefined;
      return { labels: pool.labels, status, totals, breaker: sources.breakerOf(pool.profileId) };
    });
  const families = poolFamilies(pools);
  return profileId === null ? [...families, ...machineFamilies(sources)] : families;
}
