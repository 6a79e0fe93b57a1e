import { type Bucket, bucketOfSample, foldBucket } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { EventBus } from '../base/event-bus.ts';
import { SampleLog } from './sample-log.ts';

/**
 * The last hour of every pool, in memory. A pool that closes and opens again goes on in the same hour;
 * so does that of a deleted profile, because deleting can be undone until Poolscope quits.
 */
export interface MemoryHistory {
  /**
   * From here on memory has every sample of a pool; what is older is on disk alone. Infinity for a
   * pool without samples in memory.
   */
  completeFromMs(profileId: string): number;
  /** Samples that ended in [fromMs, toMs), in the order they were taken. */
  samplesOf(profileId: string, fromMs: number, toMs: number): PoolSample[];
  /** The same, as runs of packed samples that may hold more. */
  packedOf(profileId: string, fromMs: number, toMs: number): Uint8Array[];
  /** The same, folded. */
  foldRange(profileId: string, fromMs: number, toMs: number, bucketMs: number): Bucket[];
  /** Applies what has become known of the disk: the newest sample of each pool there. */
  learnDisk(lastAtMs: (profileId: string) => number): void;
  /** Of one pool or all (null), all or what is older than a moment. */
  forget(profileId: string | null, beforeMs?: number | null): void;
  /** Stops listening. */
  close(): void;
}

interface MemoryHistoryDeps {
  events: EventBus;
  /** The newest sample on disk from before, as far as known; 0 when none. */
  lastAtMs?: (profileId: string) => number;
}

export function createMemoryHistory({ events, lastAtMs = () => 0 }: MemoryHistoryDeps): MemoryHistory {
  const logs = new Map<string, SampleLog>();

  const stopListening = events.on('samples.tick', ({ samples }) => {
    for (const sample of samples) {
      let log = logs.get(sample.profileId);
      if (log === undefined) {
        log = new SampleLog(sample.profileId, Math.max(sample.atMs, lastAtMs(sample.profileId) + 1));
        logs.set(sample.profileId, log);
      }
      log.append(sample);
    }
  });

  return {
    completeFromMs: (profileId) => logs.get(profileId)?.completeFromMs ?? Number.POSITIVE_INFINITY,
    samplesOf: (profileId, fromMs, toMs) => [...(logs.get(profileId)?.between(fromMs, toMs) ?? [])],
    packedOf: (profileId, fromMs, toMs) => logs.get(profileId)?.packedBetween(fromMs, toMs) ?? [],
    foldRange(profileId, fromMs, toMs, bucketMs) {
      const buckets: Bucket[] = [];
      for (const sample of logs.get(profileId)?.between(fromMs, toMs) ?? []) {
        foldBucket(buckets, bucketOfSample(sample, bucketMs), bucketMs);
      }
      return buckets;
    },
    learnDisk(newest) {
      for (const [profileId, log] of logs) log.raiseCompleteFrom(newest(profileId) + 1);
    },
    forget(profileId, beforeMs = null) {
      for (const [id, log] of logs) {
        if (profileId !== null && id !== profileId) continue;
        if (beforeMs === null) logs.delete(id);
        else log.dropBefore(beforeMs);
      }
    },
    close: stopListening,
  };
}
