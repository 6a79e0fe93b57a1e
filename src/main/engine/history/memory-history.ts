import type { Handlers } from '#shared/contract/define.ts';
import type { historyRoutes } from '#shared/contract/history.ts';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { EventBus } from '../base/event-bus.ts';
import { SampleLog } from './sample-log.ts';

/**
 * The last hour of every pool, in memory. A pool that closes and opens again goes on in the same hour;
 * so does that of a deleted profile, because deleting can be undone until Poolscope quits.
 */
export interface MemoryHistory {
  handlers: Handlers<typeof historyRoutes>;
  /** Samples that ended in [fromMs, toMs), in the order they were taken. */
  samplesOf(profileId: string, fromMs: number, toMs: number): PoolSample[];
  /** Stops listening. */
  close(): void;
}

export function createMemoryHistory({ events }: { events: EventBus }): MemoryHistory {
  const logs = new Map<string, SampleLog>();

  const stopListening = events.on('samples.tick', ({ samples }) => {
    for (const sample of samples) {
      let log = logs.get(sample.profileId);
      if (log === undefined) {
        log = new SampleLog(sample.profileId);
        logs.set(sample.profileId, log);
      }
      log.append(sample);
    }
  });

  const between = (profileId: string, fromMs: number, toMs: number): Iterable<PoolSample> =>
    logs.get(profileId)?.between(fromMs, toMs) ?? [];

  return {
    samplesOf: (profileId, fromMs, toMs) => [...between(profileId, fromMs, toMs)],
    close: stopListening,
    handlers: {
      'history.range': ({ profileId, fromMs, toMs, bucketMs }) => {
        const buckets: Bucket[] = [];
        for (const sample of between(profileId, fromMs, toMs)) foldSample(buckets, sample, bucketMs);
        return { profileId, bucketMs, buckets, lastAtMs: buckets.at(-1)?.lastAtMs ?? 0 };
      },
    },
  };
}
