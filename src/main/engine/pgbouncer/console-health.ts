import type { ErrorPayload } from '#shared/contract/errors.ts';
import { type HealthReport, unknownHealth } from '#shared/model/health.ts';

const slowMs = 250;
const failuresToUnhealthy = 3;
const firstRetryMs = 1000;
/** Repeated wrong passwords lock accounts on servers that count them. */
const refusedRetryMs = 30_000;

/** How the checks of a console went, and when to try again after one that failed. */
export class ConsoleHealth {
  #report = unknownHealth;

  get report(): HealthReport {
    return this.#report;
  }

  /** Null while the last check passed. */
  get failing(): HealthReport['lastError'] {
    return this.#report.consecutiveFailures > 0 ? this.#report.lastError : null;
  }

  /** @param roundTripMs of SHOW VERSION, without the login */
  passed(roundTripMs: number, atMs: number): void {
    this.#report = {
      state: roundTripMs > slowMs ? 'degraded' : 'healthy',
      roundTripMs,
      lastCheckedAtMs: atMs,
      consecutiveFailures: 0,
      lastError: this.#report.lastError,
    };
  }

  failed(error: ErrorPayload, atMs: number): void {
    const consecutiveFailures = this.#report.consecutiveFailures + 1;
    // One slow answer may be a blink; no way in is none.
    const isBlink = error.code === 'query_timeout' && consecutiveFailures < failuresToUnhealthy;
    this.#report = {
      state: isBlink ? 'degraded' : 'unhealthy',
      roundTripMs: this.#report.roundTripMs,
      lastCheckedAtMs: atMs,
      consecutiveFailures,
      lastError: { ...error, atMs },
    };
  }

  /** 1 s, 2 s, 4 s… up to the interval; null while all is well. */
  retryInMs(intervalMs: number): number | null {
    const { failing } = this;
    if (failing === null) return null;
    if (failing.code === 'auth_failed' || failing.code === 'permission_denied') return refusedRetryMs;
    const retryMs = firstRetryMs * 2 ** Math.min(this.#report.consecutiveFailures - 1, 20);
    return Math.min(intervalMs, retryMs);
  }
}
