import {
  type Bucket,
  type CounterName,
  counterNames,
  type GaugeName,
  gaugeNames,
  type HistogramName,
  histogramNames,
} from '#shared/model/bucket.ts';
import { type Histogram, meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

/**
 * A column of an export, the same in every format. `time` is milliseconds since the epoch, `whole`
 * a whole number, `ms` a duration, which is written to the microsecond; null means not measured.
 */
export type Column<Row> =
  | { name: string; kind: 'text'; cell(row: Row): string | null }
  | { name: string; kind: 'time' | 'whole' | 'ms'; cell(row: Row): number | null }
  | { name: string; kind: ServerKind; cell(row: Row): string | null };

/**
 * A value in PostgreSQL's own text form, as rows of a query hold it; '' and null differ. `string` is
 * what people wrote, `plain` any other type. `decimal` is exact, and may be NaN; `boolean` is t or f.
 */
export type ServerKind = 'string' | 'plain' | 'integer' | 'decimal' | 'float' | 'boolean' | 'json';

const whole = <Row>(name: string, cell: (row: Row) => number | null): Column<Row> => ({
  name,
  kind: 'whole',
  cell,
});
const ms = <Row>(name: string, cell: (row: Row) => number | null): Column<Row> => ({
  name,
  kind: 'ms',
  cell,
});
const time = <Row>(name: string, cell: (row: Row) => number | null): Column<Row> => ({
  name,
  kind: 'time',
  cell,
});
const text = <Row>(name: string, cell: (row: Row) => string | null): Column<Row> => ({
  name,
  kind: 'text',
  cell,
});

const histogramTitles: Record<HistogramName, string> = {
  waitMs: 'wait',
  holdMs: 'hold',
  connectMs: 'connect',
};

/** Empty where nothing was measured: no wait is not a wait of 0 ms. */
function histogramColumns<Row>(title: string, histogramOf: (row: Row) => Histogram): Column<Row>[] {
  const percentile = (p: number) => (row: Row) => percentileMs(histogramOf(row), p);
  return [
    ms(`${title}_p50_ms`, percentile(0.5)),
    ms(`${title}_p95_ms`, percentile(0.95)),
    ms(`${title}_p99_ms`, percentile(0.99)),
    ms(`${title}_mean_ms`, (row) => meanMs(histogramOf(row))),
    ms(`${title}_max_ms`, (row) => {
      const histogram = histogramOf(row);
      return histogram.count === 0 ? null : histogram.maxMs;
    }),
  ];
}

const counterTitles: Record<CounterName, string> = {
  acquired: 'acquired',
  released: 'released',
  opened: 'opened',
  closed: 'closed',
  waitTimeouts: 'wait_timeouts',
  connectTimeouts: 'connect_timeouts',
  connectFailures: 'connect_failures',
  connectionErrors: 'connection_errors',
};

const gaugeTitles: Record<GaugeName, string> = {
  idle: 'idle_connections',
  used: 'used_connections',
  connecting: 'connecting_connections',
  pending: 'pending_requests',
};

/** One row for each second. */
export const sampleColumns = (connection: string): Column<PoolSample>[] => [
  time('time_utc', (sample) => sample.atMs),
  text('connection', () => connection),
  ms('interval_ms', (sample) => sample.intervalMs),
  ...gaugeNames.map((name) => whole<PoolSample>(gaugeTitles[name], (sample) => sample[name])),
  whole('used_peak_connections', (sample) => sample.usedPeak),
  whole('pending_peak_requests', (sample) => sample.pendingPeak),
  ms('longest_pending_ms', (sample) => sample.longestPendingMs),
  whole('min_connections', (sample) => sample.min),
  whole('max_connections', (sample) => sample.max),
  ...counterNames.map((name) =>
    whole<PoolSample>(`${counterTitles[name]}_per_interval`, (sample) => sample[name]),
  ),
  ...histogramNames.flatMap((name) =>
    histogramColumns<PoolSample>(histogramTitles[name], (sample) => sample[name]),
  ),
  text('health_check', ({ healthCheck }) =>
    healthCheck === null ? null : healthCheck.roundTripMs === null ? 'failed' : 'passed',
  ),
  ms('health_round_trip_ms', ({ healthCheck }) => healthCheck?.roundTripMs ?? null),
];

/** One row for each bucket: lowest, highest and last of a gauge, counters added up, histograms merged. */
export const bucketColumns = (connection: string, bucketMs: number): Column<Bucket>[] => [
  time('time_utc', (bucket) => bucket.startMs),
  text('connection', () => connection),
  whole('bucket_ms', () => bucketMs),
  ms('covered_ms', (bucket) => bucket.coveredMs),
  time('last_sample_utc', (bucket) => bucket.lastAtMs),
  ...gaugeNames.flatMap((name) => [
    whole<Bucket>(`${gaugeTitles[name]}_min`, (bucket) => bucket[name].min),
    whole<Bucket>(`${gaugeTitles[name]}_max`, (bucket) => bucket[name].max),
    whole<Bucket>(`${gaugeTitles[name]}_last`, (bucket) => bucket[name].last),
  ]),
  ms('longest_pending_ms', (bucket) => bucket.longestPendingMs),
  whole('min_connections', (bucket) => bucket.minSetting),
  whole('max_connections', (bucket) => bucket.maxSetting),
  ...counterNames.map((name) => whole<Bucket>(`${counterTitles[name]}_per_bucket`, (bucket) => bucket[name])),
  ...histogramNames.flatMap((name) =>
    histogramColumns<Bucket>(histogramTitles[name], (bucket) => bucket[name]),
  ),
  whole('health_checks', ({ health }) => health.checks),
  whole('health_check_failures', ({ health }) => health.failures),
  ms('health_round_trip_min_ms', ({ health }) => health.roundTripMs?.min ?? null),
  ms('health_round_trip_max_ms', ({ health }) => health.roundTripMs?.max ?? null),
];
