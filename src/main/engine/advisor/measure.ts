import { type Bucket, mergeBuckets } from '#shared/model/bucket.ts';
import { emptyHistogram, mergeHistograms } from '#shared/model/histogram.ts';
import { throwIfCancelled } from '../base/errors.ts';
import type { History } from '../history/index.ts';
import type { Measured } from './evidence.ts';
import { type Minute, minuteMs, minutesOf } from './minutes.ts';

const dayMs = 24 * 60 * minuteMs;
/** A range that ends within this of now is about now. */
export const nowWithinMs = 20_000;
const recentMs = 15_000;
/** Seconds of this long before and after a minute tell how its arrivals vary. */
const aroundMs = 2 * minuteMs;

/** Reads a range of history a day at a time, and keeps of it what sizing needs. */
export async function measure(
  range: History['range'],
  span: { profileId: string; fromMs: number; toMs: number },
  nowMs: number,
  signal: AbortSignal,
): Promise<Measured> {
  const { profileId, toMs } = span;
  const measured = {
    minutes: [] as Minute[],
    coveredMs: 0,
    waitMs: emptyHistogram(),
    holdMs: emptyHistogram(),
    connectMs: emptyHistogram(),
  };
  let before: Bucket | undefined;
  const firstMs = Math.floor(span.fromMs / minuteMs) * minuteMs;
  for (let fromMs = firstMs; fromMs < toMs; fromMs += dayMs) {
    throwIfCancelled(signal);
    const part = { profileId, fromMs, toMs: Math.min(fromMs + dayMs, toMs), bucketMs: minuteMs };
    const { buckets } = await range(part);
    const joined = before === undefined ? buckets : [before, ...buckets];
    measured.minutes.push(...minutesOf(joined).slice(joined.length - buckets.length));
    const [first, ...others] = buckets;
    if (first === undefined) continue;
    const all = others.reduce(mergeBuckets, first);
    measured.coveredMs += all.coveredMs;
    for (const name of ['waitMs', 'holdMs', 'connectMs'] as const) {
      measured[name] = mergeHistograms(measured[name], all[name]);
    }
    before = buckets.at(-1);
  }
  const isNow = nowMs - toMs < nowWithinMs;
  const recent = isNow
    ? await range({ profileId, fromMs: nowMs - recentMs, toMs: nowMs + 1000, bucketMs: 1000 })
    : { buckets: [] };
  return {
    ...measured,
    recent: recent.buckets,
    async around(startMs) {
      const fromMs = Math.max(firstMs, startMs - aroundMs);
      const until = Math.min(toMs, startMs + minuteMs + aroundMs);
      return await range({ profileId, fromMs, toMs: until, bucketMs: 1000 });
    },
  };
}
