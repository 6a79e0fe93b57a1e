import { emptyHistogram, HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { seededRandom } from '#shared/model/seeded-random.ts';

/**
 * A pool of 20 under an open load of `perSecond` requests with a daily rhythm, a slower wave and a
 * burst now and then: log-normal holds of about 8 ms, waits of tens of microseconds that turn into
 * milliseconds while a burst lasts, a connect now and then, a health check every five seconds.
 * Every duration is drawn by itself and recorded as the engine records it.
 */
export class BusyPool {
  readonly #profileId: string;
  readonly #perSecond: number;
  readonly #random: () => number;
  #open = 8;

  constructor(profileId: string, perSecond: number, seed: number) {
    this.#profileId = profileId;
    this.#perSecond = perSecond;
    this.#random = seededRandom(seed);
  }

  sample(atMs: number): PoolSample {
    const random = this.#random;
    const daily = 1 + 0.6 * Math.sin((2 * Math.PI * atMs) / 86_400_000);
    const wave = 1 + 0.3 * Math.sin((2 * Math.PI * atMs) / 90_000);
    const isBurst = Math.floor(atMs / 1000) % 25 === 0;
    const acquired = this.#poisson(this.#perSecond * daily * wave) + (isBurst ? 16 : 0);
    const opens = random() < 0.01 || (isBurst && this.#open < 20) ? 1 : 0;
    const closes = this.#open > 8 && random() < 0.02 ? 1 : 0;
    this.#open += opens - closes;
    const released = Math.max(0, acquired + (random() < 0.15 ? (random() < 0.5 ? 1 : -1) : 0));
    const used = Math.min(this.#open, this.#poisson(acquired * 0.011));
    const check = Math.floor(atMs / 1000) % 5 === 0;
    return {
      ...{ profileId: this.#profileId, atMs, intervalMs: Math.round(10_000 + this.#normal() * 6) / 10 },
      ...{ idle: this.#open - used, used, connecting: 0, pending: 0 },
      usedPeak: Math.max(used, Math.min(this.#open, 1 + this.#poisson(acquired * 0.08))),
      ...{ pendingPeak: isBurst ? 1 + this.#poisson(4) : 0, longestPendingMs: 0, min: 2, max: 20 },
      ...{ acquired, released, opened: opens, closed: closes, waitTimeouts: 0, connectTimeouts: 0 },
      ...{ connectFailures: 0, connectionErrors: 0 },
      waitMs: this.#durations(acquired, (i) => (isBurst && i < 8 ? 3 : 0.035), isBurst ? 0.9 : 0.5),
      holdMs: this.#durations(released, () => 8, 0.8),
      connectMs: opens === 0 ? emptyHistogram() : this.#durations(opens, () => 12, 0.3),
      healthCheck: check ? { roundTripMs: 0.6 * Math.exp(this.#normal() * 0.4) } : null,
    };
  }

  #durations(count: number, medianMs: (index: number) => number, spread: number) {
    const recorder = new HistogramRecorder();
    for (let i = 0; i < count; i += 1) recorder.record(medianMs(i) * Math.exp(this.#normal() * spread));
    return recorder.take();
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }

  #poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.#random();
    let count = 0;
    for (; product > limit; count += 1) product *= this.#random();
    return count;
  }
}
