import { type CounterName, counterNames, type HistogramName, histogramNames } from '#shared/model/bucket.ts';
import { binMiddleMs, type Histogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { bucketBoundsS, type Distribution } from './family.ts';

/** Everything counted of one pool since `sinceMs`, and its latest sample. */
export interface PoolTotals {
  sinceMs: number;
  latest: PoolSample;
  counters: Record<CounterName, number>;
  distributions: Record<HistogramName, Distribution>;
}

/** Which bound each bin of a histogram falls under, found once. */
const boundOfBin = new Map<number, number>();

/**
 * A bin goes where its middle lies: with bins of 5 % a bound is off by 2.5 % of itself at most.
 * The count and the sum stay exact.
 */
function boundIndexOf(bin: number): number {
  let index = boundOfBin.get(bin);
  if (index === undefined) {
    const middleS = binMiddleMs(bin) / 1000;
    index = bucketBoundsS.findIndex((bound) => middleS <= bound);
    if (index === -1) index = bucketBoundsS.length;
    boundOfBin.set(bin, index);
  }
  return index;
}

const noDistribution = (): Distribution => ({
  counts: Array.from({ length: bucketBoundsS.length + 1 }, () => 0),
  count: 0,
  sumMs: 0,
});

function addTo(distribution: Distribution, { bins, count, sumMs }: Histogram): void {
  for (let i = 0; i < bins.length; i += 2) {
    const index = boundIndexOf(bins[i] ?? 0);
    distribution.counts[index] = (distribution.counts[index] ?? 0) + (bins[i + 1] ?? 0);
  }
  distribution.count += count;
  distribution.sumMs += sumMs;
}

/** Adds samples up, because whoever fetches metrics wants what was counted since ever, not since a second. */
export class AllPoolTotals {
  readonly #pools = new Map<string, PoolTotals>();

  add(samples: readonly PoolSample[]): void {
    for (const sample of samples) {
      const totals = this.#pools.get(sample.profileId) ?? begin(sample);
      for (const name of counterNames) totals.counters[name] += sample[name];
      for (const name of histogramNames) addTo(totals.distributions[name], sample[name]);
      totals.latest = sample;
      this.#pools.set(sample.profileId, totals);
    }
  }

  of(profileId: string): PoolTotals | undefined {
    return this.#pools.get(profileId);
  }

  /** Lets go of pools whose profiles are gone. */
  keepOnly(profileIds: ReadonlySet<string>): void {
    for (const profileId of this.#pools.keys()) if (!profileIds.has(profileId)) this.#pools.delete(profileId);
  }
}

function begin(sample: PoolSample): PoolTotals {
  return {
    sinceMs: sample.atMs - sample.intervalMs,
    latest: sample,
    counters: Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>,
    distributions: { waitMs: noDistribution(), holdMs: noDistribution(), connectMs: noDistribution() },
  };
}
