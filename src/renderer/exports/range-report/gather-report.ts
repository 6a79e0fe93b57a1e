import type { ProfileView } from '#shared/contract/profiles.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { request as ask } from '../../bridge/client.ts';
import { points } from '../../charts/series.ts';
import { payloadOf } from '../../data/errors.ts';
import { targetOf } from '../../kit/target-of.ts';
import type { PoolReport } from './range-report.ts';

interface Asked {
  request: typeof ask;
  profiles: readonly ProfileView[];
  span: { fromMs: number; toMs: number };
  signal: AbortSignal;
  /** Told before each connection is read. */
  onProgress(done: number): void;
}

/**
 * Reads what a report says, one connection after the other. What cannot be read of one is said in its
 * place and stops none of the others. @throws RequestError `cancelled`
 */
export async function gatherReport({
  request,
  profiles,
  span,
  signal,
  onProgress,
}: Asked): Promise<PoolReport[]> {
  const bucketMs = Math.max(1000, bucketStepMs(span.toMs - span.fromMs, points));
  const found: PoolReport[] = [];
  for (const profile of profiles) {
    onProgress(found.length);
    const { profileId } = profile;
    const problems = new Set<string>();
    const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
      try {
        return await answer;
      } catch (error) {
        if (signal.aborted) throw error;
        problems.add(payloadOf(error).message);
        return null;
      }
    };
    const [range, events, advice] = await Promise.all([
      orNull(request('history.range', { profileId, ...span, bucketMs }, { signal })),
      orNull(request('history.events', { profileId, ...span }, { signal })),
      orNull(request('advisor.advise', { profileId, ...span }, { signal })),
    ]);
    found.push({
      name: profile.name,
      target: targetOf(profile),
      view: { ...span, bucketMs: range?.bucketMs ?? bucketMs, buckets: range?.buckets ?? [] },
      events,
      advice,
      problem: problems.size === 0 ? null : [...problems].join(' '),
    });
  }
  return found;
}
