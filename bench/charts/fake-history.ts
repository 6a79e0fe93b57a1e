import type { HistoryRange } from '#shared/contract/history.ts';
import { type Bucket, bucketOfSample, foldBucket, foldSample, mergeBuckets } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Scenario } from './fake-bridge.ts';
import { benchProfileId, busySample, downSample } from './fake-samples.ts';

const hourSeconds = 3600;
const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Made-up buckets of the days before; used again and again. */
const patterns = 400;

/** An hour second by second, and thirty days before it. */
export class FakeHistory {
  readonly #samples: PoolSample[];
  readonly #scenario: Scenario;
  readonly #startMs: number;
  readonly #pattern: Bucket[];

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

  range(input: { fromMs: number; toMs: number; bucketMs: number }): HistoryRange {
    const { fromMs, toMs, bucketMs } = input;
    const buckets: Bucket[] = [];
    const memoryFromMs = this.#startMs - hourSeconds * 1000;
    const held = this.#samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    for (const sample of held) foldSample(buckets, sample, bucketMs);
    if (this.#scenario !== 'empty') {
      const first = Math.max(fromMs, this.#startMs - 31 * dayMs);
      const start = Math.floor(first / bucketMs) * bucketMs;
      for (let atMs = start; atMs < Math.min(toMs, memoryFromMs); atMs += bucketMs) {
        const past = this.#pastBucket(atMs, bucketMs);
        if (past !== null) foldBucket(buckets, past, bucketMs);
      }
    }
    return { profileId: benchProfileId, bucketMs, buckets, lastAtMs: held.at(-1)?.atMs ?? 0 };
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
