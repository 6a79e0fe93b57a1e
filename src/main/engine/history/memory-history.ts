import type { Handlers } from '#shared/contract/define.ts';
import type { HistoryRange, historyRoutes } from '#shared/contract/history.ts';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { EventBus } from '../base/event-bus.ts';
import { RecentSamples } from './recent-samples.ts';

/** Remembers the last hour of every pool's samples, and folds any range of it into buckets. */
export interface MemoryHistory {
  handlers: Handlers<typeof historyRoutes>;
  /** Samples with `fromMs <= atMs <= toMs`, oldest first. Empty for an unknown profile. */
  samplesOf(profileId: string, fromMs: number, toMs: number): PoolSample[];
  /** Drops everything of a deleted profile. A pool that closes and opens again keeps its past. */
  forget(profileId: string): void;
  close(): void;
}

/** The longest window the Live tab offers. */
const keptMs = 60 * 60 * 1000;

export function createMemoryHistory({ events }: { events: EventBus }): MemoryHistory {
  const pools = new Map<string, RecentSamples>();

  const stopListening = events.on('samples.tick', ({ samples }) => {
    for (const sample of samples) {
      let recent = pools.get(sample.profileId);
      if (recent === undefined) {
        recent = new RecentSamples(keptMs);
        pools.set(sample.profileId, recent);
      }
      recent.push(sample);
    }
  });

  const samplesOf = (profileId: string, fromMs: number, toMs: number) =>
    pools.get(profileId)?.between(fromMs, toMs) ?? [];

  const rangeOf = (profileId: string, fromMs: number, toMs: number, bucketMs: number): HistoryRange => {
    const buckets: Bucket[] = [];
    const samples = samplesOf(profileId, fromMs, toMs);
    for (const sample of samples) foldSample(buckets, sample, bucketMs);
    return { profileId, bucketMs, buckets, lastAtMs: samples.at(-1)?.atMs ?? 0 };
  };

  return {
    handlers: {
      'history.range': ({ profileId, fromMs, toMs, bucketMs }) => rangeOf(profileId, fromMs, toMs, bucketMs),
    },
    samplesOf,
    forget: (profileId) => void pools.delete(profileId),
    close: () => {
      stopListening();
      pools.clear();
    },
  };
}
