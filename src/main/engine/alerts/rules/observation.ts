import type { PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { AlertKind } from '#shared/model/alert-kinds.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { HealthState } from '#shared/model/health.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';

/**
 * What is known of one connection at one moment. What is absent is unknown: rules over it neither
 * fire nor resolve.
 */
export interface Observation {
  /** Wall clock at the end of the stretch it stands for. */
  atMs: number;
  /** Length of that stretch as planned: 1000 for a live sample. Farther apart than this there is a gap. */
  spanMs: number;
  /** The pool's sample, or several folded. */
  pool?: Bucket;
  /** As the health check found it; without, it is worked out of the checks that `pool` counts. */
  health?: HealthState;
  breaker?: 'closed' | 'open' | 'half-open';
  /** Age of the oldest hand-over that has not come back; 0 when all have. */
  longestHoldMs?: number;
  certificateExpiresAtMs?: number;
  /** Of the server behind the pool, not older than makes sense. */
  server?: SessionsPoint;
  pooler?: { tick: PoolerTick; state: PoolerStatus['state'] };
}

/** The figure of each kind; null is unknown. */
export type Figures = Record<AlertKind, number | null>;

/** Written out: it is made once a second for every pool, and a million times for a tested week. */
export const noFigures = (): Figures => ({
  pending: null,
  queueGrowing: null,
  waitP95: null,
  waitTimeouts: null,
  utilization: null,
  errorRate: null,
  longHold: null,
  unhealthy: null,
  breakerOpen: null,
  serverHeadroom: null,
  idleInTransaction: null,
  blocked: null,
  certificateExpiry: null,
  poolerMaxwait: null,
  poolerStarved: null,
  poolerPaused: null,
});
