import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import { emptyHistogram, percentileMs } from '#shared/model/histogram.ts';
import type { Figures } from './observation.ts';
import { SlidingHistogram, SlidingSums } from './sliding-window.ts';

const failuresToUnhealthy = 3;
const percentile = 0.95;

const errorsIn = (pool: Bucket): number =>
  pool.waitTimeouts + pool.connectTimeouts + pool.connectFailures + pool.connectionErrors;
const requestsIn = (pool: Bucket): number =>
  pool.acquired + pool.waitTimeouts + pool.connectTimeouts + pool.connectFailures;

/** Percent; null when nothing was asked for. More errors than requests (idle connections lost) are 100 %. */
const errorRate = (errors: number, requests: number): number | null =>
  errors + requests === 0 ? null : (100 * errors) / Math.max(errors, requests);

const utilization = (used: number, pool: Bucket): number | null =>
  pool.maxSetting > 0 ? (100 * used) / pool.maxSetting : null;

/** Whether nobody but health checks was handed a connection: their waits are not those of requests. */
const onlyChecksServed = ({ waitMs, health }: Bucket): boolean =>
  waitMs.count > 0 && waitMs.count <= health.checks - health.failures;

/** Turns a pool's samples, second by second, into the figures of rules; keeps what they look back over. */
export class PoolFigures {
  readonly #waits = new SlidingHistogram(alertKindInfo.waitP95.windowMs);
  readonly #counters = new SlidingSums(alertKindInfo.errorRate.windowMs, 3);
  #lastPending: number | null = null;
  #growths = 0;
  #failures = 0;
  #isUnhealthy: number | null = null;

  /** Forgets what came before: after a gap nothing is continued. */
  reset(): void {
    this.#waits.clear();
    this.#counters.clear();
    this.#lastPending = null;
    this.#growths = 0;
    this.#failures = 0;
    this.#isUnhealthy = null;
  }

  /** One sample (a bucket of one second): fills in what it tells. */
  read(pool: Bucket, atMs: number, into: Figures): void {
    const pending = pool.pending.last;
    into.pending = pending;
    into.queueGrowing = this.#growing(pending);
    this.#waits.add(atMs, onlyChecksServed(pool) ? emptyHistogram() : pool.waitMs);
    into.waitP95 = this.#waitP95(pool);
    const errors = errorsIn(pool);
    this.#counters.add(atMs, [pool.waitTimeouts, errors, requestsIn(pool)]);
    const [timeouts = 0, allErrors = 0, requests = 0] = this.#counters.sums;
    into.waitTimeouts = timeouts;
    into.errorRate = errorRate(allErrors, requests);
    into.utilization = utilization(pool.used.last, pool);
    into.unhealthy = this.#unhealthy(pool);
  }

  /** A queue that stands still is not over; one that shrinks is. */
  #growing(pending: number): number {
    const last = this.#lastPending;
    this.#lastPending = pending;
    if (last === null || pending < last || pending === 0) this.#growths = 0;
    else if (pending > last) this.#growths += 1;
    return this.#growths;
  }

  /** While nobody is served, whoever waits longest tells; when nobody asks, nobody waits. */
  #waitP95(pool: Bucket): number {
    const served = this.#waits.percentileMs(percentile);
    if (pool.waitMs.count > 0) return served ?? 0;
    return Math.max(served ?? 0, pool.pending.last > 0 ? pool.longestPendingMs : 0);
  }

  /** As the health monitor judges, from what samples keep of its checks. */
  #unhealthy(pool: Bucket): number | null {
    const { checks, failures } = pool.health;
    if (checks === 0) return this.#isUnhealthy;
    this.#failures = failures < checks ? 0 : this.#failures + failures;
    const isGone = pool.idle.last + pool.used.last === 0;
    const isBusy = pool.used.last >= pool.maxSetting;
    const isUnhealthy = this.#failures > 0 && !isBusy && (isGone || this.#failures >= failuresToUnhealthy);
    this.#isUnhealthy = isUnhealthy ? 1 : 0;
    return this.#isUnhealthy;
  }
}

/**
 * The figures of a minute of which nothing finer is at hand. `highest`: what no second of it went
 * beyond, so a rule that this does not fire cannot have fired within. `lasting`: what all of it
 * reached, so a duration that this fills was filled. Null where a minute does not tell.
 */
export function figuresOfMinute(pool: Bucket, which: 'highest' | 'lasting', into: Figures): void {
  const isHighest = which === 'highest';
  // A queue that came and went between two samples has no age at any of them, and no rule sees it.
  const wasSampled = pool.longestPendingMs > 0;
  const errors = errorsIn(pool);
  into.pending = isHighest ? (wasSampled ? pool.pending.max : 0) : pool.pending.min;
  into.queueGrowing = wasSampled ? (isHighest ? Number.POSITIVE_INFINITY : null) : 0;
  into.waitP95 = isHighest
    ? Math.max(pool.waitMs.maxMs, pool.longestPendingMs)
    : onlyChecksServed(pool)
      ? 0
      : (percentileMs(pool.waitMs, percentile) ?? pool.longestPendingMs);
  into.waitTimeouts = isHighest && pool.waitTimeouts > 0 ? Number.POSITIVE_INFINITY : pool.waitTimeouts;
  into.errorRate = isHighest && errors > 0 ? 100 : errorRate(errors, requestsIn(pool));
  into.utilization = utilization(isHighest ? pool.used.max : pool.used.min, pool);
  const { checks, failures } = pool.health;
  const isDown = isHighest ? failures > 0 : failures === checks;
  into.unhealthy = checks === 0 ? null : isDown ? 1 : 0;
}
