import type { Histogram } from './histogram.ts';

/**
 * What one pool did in one second. Names follow OpenTelemetry's `db.client.connection.*`
 * (count by state idle and used, pending_requests, timeouts, create_time, wait_time, use_time)
 * and HikariCP (idle, active, pending, acquire, usage, creation); ARCHITECTURE.md maps them.
 */
export interface PoolSample {
  profileId: string;
  /** Wall clock, milliseconds since the epoch, at the end of the interval. */
  atMs: number;
  /** True length of the interval by the monotonic clock; rates divide by this, never by 1000. */
  intervalMs: number;

  /** Connections at rest in the pool. */
  idle: number;
  /** Connections handed out. */
  used: number;
  /** Connections not usable yet: being opened, or checked or reset between two holders. */
  connecting: number;
  /** Requests waiting for a connection, those that triggered a connect included; health checks are none. */
  pending: number;
  /** Highest `used` and `pending` seen within the interval: spikes between two samples count. */
  usedPeak: number;
  pendingPeak: number;
  /** Age of the request that waits longest now; 0 when none waits. */
  longestPendingMs: number;
  min: number;
  /** Most connections it may have: the maximum size and the overflow. */
  max: number;

  /** Connections handed out in this interval. Counters are deltas, so restarts cannot bend them. */
  acquired: number;
  released: number;
  /** Connections opened and closed in this interval. */
  opened: number;
  closed: number;
  /** Requests that gave up waiting in the queue. */
  waitTimeouts: number;
  /** Attempts to open a connection that ran out of time. */
  connectTimeouts: number;
  /** Attempts to open a connection that failed otherwise: refused, rejected, unknown host. */
  connectFailures: number;
  /** Open connections that broke: server restart, network, administrator. */
  connectionErrors: number;

  /** Request to hand-over, of requests served in this interval. */
  waitMs: Histogram;
  /** Hand-over to release, of connections released in this interval. */
  holdMs: Histogram;
  /** Time to open a connection, of those opened in this interval. */
  connectMs: Histogram;

  /** The health check that ended in this interval, if one did; `roundTripMs` is null if it failed. */
  healthCheck: { roundTripMs: number | null } | null;
}
