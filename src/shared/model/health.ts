import type { ErrorPayload } from '../contract/errors.ts';

/**
 * `healthy`: the last check passed in good time. `degraded`: it passed slowly, or fewer checks in
 * a row failed than make it unhealthy. `unknown`: no check has ended yet.
 */
export type HealthState = 'unknown' | 'healthy' | 'degraded' | 'unhealthy';

/** A check that passes but takes longer than this makes a pool degraded. */
export const slowRoundTripMs = 250;

export interface HealthReport {
  state: HealthState;
  /** Milliseconds of the last check that passed, from asking the pool to the answer. */
  roundTripMs: number | null;
  lastCheckedAtMs: number | null;
  consecutiveFailures: number;
  /** Of the last check that failed; kept, with its time, after recovery. */
  lastError: (ErrorPayload & { atMs: number }) | null;
}

export const unknownHealth: HealthReport = {
  state: 'unknown',
  roundTripMs: null,
  lastCheckedAtMs: null,
  consecutiveFailures: 0,
  lastError: null,
};

/** One open pool (or console) with how it is and since when. */
export interface PoolHealth {
  profileId: string;
  name: string;
  report: HealthReport;
  /** When it came into this state. */
  sinceMs: number;
}

/** All open pools together. Closed ones say nothing and are left out. */
export interface HealthOverview {
  /**
   * `unhealthy` when no pool is of use, `degraded` when some are not or are slow; `unknown` when none is
   * open, or none has been checked. As `/health` of the metrics endpoint says it.
   */
  state: HealthState;
  counts: Record<HealthState, number>;
  /** Worst first. */
  pools: PoolHealth[];
}

/** A stretch of time in one state; `closed` is while its pool was closed or Poolscope did not run. */
export interface HealthSpan {
  profileId: string;
  state: HealthState | 'closed';
  fromMs: number;
  toMs: number;
  /** Why it came to this, as recorded; empty when it is not told. */
  text: string;
}
