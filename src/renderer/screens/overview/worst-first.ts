import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type PoolView, poolView } from '../../data/pool-view.ts';
import type { LatestSample } from '../../live/latest-samples-store.ts';

/** What the overview shows of one connection. */
export interface OverviewRow {
  profile: ProfileView;
  status: PoolStatus;
  view: PoolView;
  /** The latest sample while open; undefined before the first. */
  sample: LatestSample | undefined;
}

export function overviewRow(
  profile: ProfileView,
  status: PoolStatus,
  sample: LatestSample | undefined,
): OverviewRow {
  return { profile, status, view: poolView(status), sample: status.state === 'open' ? sample : undefined };
}

/** Lower is worse. What failed stands with the unhealthy; what is closed on purpose stands last. */
const rank: Record<PoolView, number> = {
  unhealthy: 0,
  failed: 0,
  degraded: 1,
  healthy: 2,
  checking: 2,
  opening: 2,
  closing: 3,
  closed: 3,
};

/** Connections handed out at the peak as a share of the maximum, 0 to 1. */
function utilization(sample: LatestSample | undefined): number {
  return sample === undefined || sample.max === 0 ? 0 : sample.recentPeak.used / sample.max;
}

/**
 * Orders what is wrong first: by state, then who had requests waiting in the last ten seconds, then
 * by utilization, then by name, so that equals do not change places.
 */
export function worstFirst(a: OverviewRow, b: OverviewRow): number {
  const waits = (row: OverviewRow) => ((row.sample?.recentPeak.pending ?? 0) > 0 ? 0 : 1);
  return (
    rank[a.view] - rank[b.view] ||
    waits(a) - waits(b) ||
    utilization(b.sample) - utilization(a.sample) ||
    a.profile.name.localeCompare(b.profile.name) ||
    a.profile.profileId.localeCompare(b.profile.profileId)
  );
}
