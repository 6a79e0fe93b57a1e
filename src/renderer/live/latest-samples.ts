import { useSyncExternalStore } from 'react';
import { type LatestSample, LatestSamples, type PoolActivity } from './latest-samples-store.ts';
import { Pauses } from './pauses.ts';
import { liveClient, sampleFeed } from './sample-feed.ts';
import { documentVisibility } from './visibility.ts';

const store = new LatestSamples(sampleFeed, documentVisibility, liveClient);

/** Where the Live tabs of this page are paused. */
export const pauses = new Pauses(liveClient, (profileId) => store.activityOf(profileId));

/** The newest sample of every open pool, by profile id. A new map every second. */
export function useLatestSamples(): ReadonlyMap<string, LatestSample> {
  return useSyncExternalStore(store.subscribe, () => store.latest);
}

/** The newest sample of one pool; undefined while it is not open. */
export function useLatestSample(profileId: string): LatestSample | undefined {
  return useSyncExternalStore(store.subscribe, () => store.latest.get(profileId));
}

/** What one pool did lately; undefined while it is not open. */
export function usePoolActivity(profileId: string): PoolActivity | undefined {
  return useSyncExternalStore(store.subscribe, () => store.activityOf(profileId));
}

/** Connections in use over the last minute for a `Sparkline`, and the pool's maximum. */
export function usePoolSparkline(profileId: string): { used: readonly (number | null)[]; max: number } {
  return useSyncExternalStore(store.subscribe, () => store.sparklineOf(profileId));
}

/** Samples received per second, over the last few; 0 when none arrive. */
export function useSamplesPerSecond(): number {
  return useSyncExternalStore(store.subscribe, () => store.samplesPerSecond);
}
