import type { BreakerStatus } from '#shared/contract/pool-control.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { CounterName } from '#shared/model/bucket.ts';
import type { HealthState } from '#shared/model/health.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { MetricFamily } from './family.ts';
import type { PoolName } from './pool-names.ts';
import type { PoolTotals } from './pool-totals.ts';

export interface CountedPool {
  labels: PoolName['labels'];
  status: PoolStatus;
  /** Undefined while the pool is closed, before its first sample, and for consoles of poolers. */
  totals: PoolTotals | undefined;
  /** Null while the pool is closed, and for consoles of poolers. */
  breaker: BreakerStatus['state'] | null;
}

const connectionUnit = '{connection}';
const healthStates: readonly HealthState[] = ['healthy', 'degraded', 'unhealthy', 'unknown'];
const breakerStates = ['closed', 'open', 'half-open'] as const;

/**
 * The metrics of pools. `db.client.connection.*` are OpenTelemetry's, in name, unit and meaning
 * (semantic conventions 1.44, docs/db/database-metrics.md); what these do not have is `poolscope.*`.
 */
export function poolFamilies(pools: readonly CountedPool[]): MetricFamily[] {
  const counted = pools.flatMap(({ totals, ...pool }) => (totals === undefined ? [] : [{ ...pool, totals }]));
  const open = pools.filter(({ status }) => status.state === 'open');

  const gauge = (name: string, unit: string, help: string, valueIn: (sample: PoolSample) => number) =>
    ({
      ...{ name, unit, help, kind: 'gauge' },
      points: counted.map(({ labels, totals: { latest, sinceMs } }) => ({
        ...{ labels, sinceMs, value: valueIn(latest) },
      })),
    }) as const satisfies MetricFamily;
  const counter = (name: string, unit: string, help: string, key: CounterName): MetricFamily => ({
    ...{ name, unit, help, kind: 'counter' },
    points: counted.map(({ labels, totals: { counters, sinceMs } }) => ({
      ...{ labels, sinceMs, value: counters[key] },
    })),
  });
  const durations = (name: string, help: string, key: keyof PoolTotals['distributions']): MetricFamily => ({
    ...{ name, unit: 's', help, kind: 'histogram' },
    points: counted.map(({ labels, totals: { distributions, sinceMs } }) => ({
      ...{ labels, sinceMs, value: distributions[key] },
    })),
  });

  return [
    {
      ...{ name: 'db.client.connection.count', unit: connectionUnit, kind: 'gauge' },
      help: 'Connections that are idle (at rest in the pool) and used (handed out).',
      points: counted.flatMap(({ labels, totals: { latest, sinceMs } }) =>
        (['idle', 'used'] as const).map((state) => ({
          ...{ labels, sinceMs, value: latest[state] },
          more: { 'db.client.connection.state': state },
        })),
      ),
    },
    gauge('db.client.connection.idle.min', connectionUnit, 'Connections kept open.', ({ min }) => min),
    gauge('db.client.connection.max', connectionUnit, 'Connections open at most.', ({ max }) => max),
    gauge(
      'db.client.connection.pending_requests',
      '{request}',
      'Requests that wait for a connection now.',
      ({ pending }) => pending,
    ),
    counter(
      'db.client.connection.timeouts',
      '{timeout}',
      'Requests that gave up waiting for a connection.',
      'waitTimeouts',
    ),
    durations('db.client.connection.create_time', 'Time to open a connection.', 'connectMs'),
    durations('db.client.connection.wait_time', 'Request to hand-over of a connection.', 'waitMs'),
    durations('db.client.connection.use_time', 'Hand-over to release of a connection.', 'holdMs'),
    {
      ...{ name: 'poolscope.pool.open', unit: '', kind: 'gauge' },
      help: 'Whether the pool is open: 1 or 0. A closed pool has no other metrics.',
      points: pools.map(({ labels, status }) => ({
        ...{ labels, sinceMs: 0, value: Number(status.state === 'open') },
      })),
    },
    gauge(
      'poolscope.pool.connecting',
      connectionUnit,
      'Connections being opened.',
      ({ connecting }) => connecting,
    ),
    gauge(
      'poolscope.pool.longest_pending',
      's',
      'Age of the request that waits longest now; 0 when none waits.',
      ({ longestPendingMs }) => longestPendingMs / 1000,
    ),
    counter('poolscope.pool.acquired', connectionUnit, 'Connections handed out.', 'acquired'),
    counter('poolscope.pool.opened', connectionUnit, 'Connections opened.', 'opened'),
    counter('poolscope.pool.closed', connectionUnit, 'Connections closed.', 'closed'),
    counter(
      'poolscope.pool.connect_timeouts',
      '{attempt}',
      'Attempts to open a connection that ran out of time.',
      'connectTimeouts',
    ),
    counter(
      'poolscope.pool.connect_failures',
      '{attempt}',
      'Attempts to open a connection that failed otherwise.',
      'connectFailures',
    ),
    counter('poolscope.pool.broken', connectionUnit, 'Open connections that broke.', 'connectionErrors'),
    {
      ...{ name: 'poolscope.pool.health', unit: '', kind: 'gauge' },
      help: 'State of health: 1 for the state it is in, 0 for the others.',
      points: open.flatMap(({ labels, status: { health } }) =>
        healthStates.map((state) => ({
          ...{ labels, sinceMs: 0, value: Number(health.state === state) },
          more: { 'poolscope.health.state': state },
        })),
      ),
    },
    {
      ...{ name: 'poolscope.pool.breaker', unit: '', kind: 'gauge' },
      help: 'State of the circuit breaker: 1 for the state it is in, 0 for the others. None without a breaker.',
      points: open.flatMap(({ labels, breaker }) =>
        breaker === null || breaker === 'off'
          ? []
          : breakerStates.map((state) => ({
              ...{ labels, sinceMs: 0, value: Number(breaker === state) },
              more: { 'poolscope.breaker.state': state },
            })),
      ),
    },
    {
      ...{ name: 'poolscope.pool.round_trip', unit: 's', kind: 'gauge' },
      help: 'The last health check that passed, asked to answered.',
      points: open.flatMap(({ labels, status: { health } }) =>
        health.roundTripMs === null ? [] : [{ labels, sinceMs: 0, value: health.roundTripMs / 1000 }],
      ),
    },
    {
      ...{ name: 'poolscope.pool.failed_checks', unit: '{check}', kind: 'gauge' },
      help: 'Health checks in a row that failed; 0 when the last one passed.',
      points: open.map(({ labels, status: { health } }) => ({
        ...{ labels, sinceMs: 0, value: health.consecutiveFailures },
      })),
    },
  ];
}
