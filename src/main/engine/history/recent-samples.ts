import type { PoolSample } from '#shared/model/pool-sample.ts';

/**
 * Samples of one pool in the order they came, those older than `keptMs` before the newest dropped.
 * Dropping is amortised: the array is cut only when a tenth of it is stale.
 */
export class RecentSamples {
  readonly #keptMs: number;
  #samples: PoolSample[] = [];
  #stale = 0;

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  push(sample: PoolSample): void {
    this.#samples.push(sample);
    const oldestKeptMs = sample.atMs - this.#keptMs;
    while ((this.#samples[this.#stale]?.atMs ?? Number.POSITIVE_INFINITY) < oldestKeptMs) this.#stale += 1;
    if (this.#stale * 10 >= this.#samples.length) {
      this.#samples = this.#samples.slice(this.#stale);
      this.#stale = 0;
    }
  }

  /**
   * Samples with `fromMs <= atMs <= toMs`, in the order they came. The clock may have been set
   * back between two of them, so every kept sample is looked at; an hour is 3,600 comparisons.
   */
  between(fromMs: number, toMs: number): PoolSample[] {
    const found: PoolSample[] = [];
    for (let i = this.#stale; i < this.#samples.length; i += 1) {
      const sample = this.#samples[i] as PoolSample;
      if (sample.atMs >= fromMs && sample.atMs <= toMs) found.push(sample);
    }
    return found;
  }
}
