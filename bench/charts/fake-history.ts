import type { HistoryRange } from '#shared/contract/history.ts';
import {
  type Bucket,
  bucketOfSample,
  bucketStartMs,
  foldBucket,
  foldSample,
  mergeBuckets,
} from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Scenario } from './fake-bridge.ts';
import { benchProfileId, busySample, downSample } from './fake-samples.ts';

const hourSeconds = 3600;
const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Made-up buckets of the days before; used again and again. */
const patterns = 400;

interface PastBucket {
  startMs: number;
  text: string;
}

/** An hour second by second, and thirty days before it. */
export class FakeHistory {
  readonly #samples: PoolSample[];
  readonly #scenario: Scenario;
  readonly #startMs: number;
  readonly #pattern: Bucket[];
  /** By their length. */
  readonly #pasts = new Map<number, readonly PastBucket[]>();
  readonly #folds = new Map<number, { lastAtMs: number; buckets: Bucket[] }>();

  constructor(scenario: Scenario, startMs: number) {
    this.#scenario = scenario;
    this.#startMs = startMs;
    this.#samples = scenario === 'empty' ? [] : pastSamples(scenario, startMs);
    this.#pattern = Array.from({ length: patterns }, (_, i) =>
      Array.from({ length: 15 }, (_, n) => bucketOfSample(busySample(i * 15 + n, 0), 1000)).reduce(
        mergeBuckets,
      ),
    );
  }

  add(sample: PoolSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > 2 * hourSeconds) this.#samples.shift();
  }

  /**
   * A range as the text of an answer. What lies before the seconds is written once and cut to size, and
   * seconds are folded once: all that is the engine's work, in another process, and no part of the page's.
   */
  range(input: { fromMs: number; toMs: number; bucketMs: number }): string {
    const { fromMs, toMs, bucketMs } = input;
    const memoryFromMs = this.#startMs - hourSeconds * 1000;
    const seamMs = bucketStartMs(memoryFromMs, bucketMs);
    const past = this.#past(bucketMs, seamMs).filter(
      ({ startMs }) => startMs >= bucketStartMs(fromMs, bucketMs) && startMs < toMs,
    );
    const held = this.#samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    const recent = [...this.#folded(held, bucketMs)];
    if (this.#scenario !== 'empty' && seamMs < memoryFromMs && fromMs < memoryFromMs && toMs > seamMs) {
      const atSeam = this.#pastBucket(seamMs, bucketMs);
      if (atSeam !== null) foldBucket(recent, atSeam, bucketMs);
    }
    const buckets = [...past.map(({ text }) => text), ...recent.map((bucket) => JSON.stringify(bucket))];
    const range: Omit<HistoryRange, 'buckets'> = {
      profileId: benchProfileId,
      bucketMs,
      lastAtMs: held.at(-1)?.atMs ?? 0,
    };
    return `${JSON.stringify(range).slice(0, -1)},"buckets":[${buckets.join()}]}`;
  }

  /** The seconds asked for, folded: where that is all of them, on from what was folded before. */
  #folded(held: readonly PoolSample[], bucketMs: number): readonly Bucket[] {
    const isAll = held.length === this.#samples.length;
    const { lastAtMs, buckets } = (isAll && this.#folds.get(bucketMs)) || { lastAtMs: 0, buckets: [] };
    for (const sample of held) if (sample.atMs > lastAtMs) foldSample(buckets, sample, bucketMs);
    if (isAll) this.#folds.set(bucketMs, { lastAtMs: held.at(-1)?.atMs ?? 0, buckets });
    return buckets;
  }

  /** The buckets of a month before the seam, oldest first. Shorter ones than a minute are in no question. */
  #past(bucketMs: number, seamMs: number): readonly PastBucket[] {
    if (this.#scenario === 'empty' || bucketMs < minuteMs) return [];
    const known = this.#pasts.get(bucketMs);
    if (known !== undefined) return known;
    const past: PastBucket[] = [];
    for (let atMs = bucketStartMs(this.#startMs - 31 * dayMs, bucketMs); atMs < seamMs; atMs += bucketMs) {
      const bucket = this.#pastBucket(atMs, bucketMs);
      if (bucket !== null) past.push({ startMs: atMs, text: JSON.stringify(bucket) });
    }
    this.#pasts.set(bucketMs, past);
    return past;
  }

  /** A bucket long ago; nothing was recorded for a while each week. */
  #pastBucket(startMs: number, bucketMs: number): Bucket | null {
    const intoWeek = startMs % (7 * dayMs);
    if (intoWeek > 4 * dayMs && intoWeek < 4.4 * dayMs) return null;
    const pattern = this.#pattern[Math.floor(startMs / Math.max(bucketMs, minuteMs)) % patterns] as Bucket;
    const lastAtMs = Math.min(startMs + bucketMs - 1, this.#startMs - hourSeconds * 1000);
    return { ...pattern, startMs, lastAtMs };
  }
}

function pastSamples(scenario: Scenario, startMs: number): PoolSample[] {
  const samples: PoolSample[] = [];
  for (let second = 0; second < hourSeconds; second++) {
    const agoSeconds = hourSeconds - second;
    const atMs = startMs - agoSeconds * 1000;
    if (scenario === 'outage' && agoSeconds > 200 && agoSeconds <= 240) continue;
    const away = scenario === 'outage' && agoSeconds > 80 && agoSeconds <= 125;
    samples.push(away ? downSample(second, atMs) : busySample(second, atMs));
  }
  return samples;
}
