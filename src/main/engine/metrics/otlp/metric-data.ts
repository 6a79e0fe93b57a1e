import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';
import {
  bucketBoundsS,
  type Distribution,
  type DistributionFamily,
  type MetricFamily,
  type NumberFamily,
} from '../family.ts';

/** Seconds and nanoseconds since the epoch. */
type HrTime = [number, number];

const hrTimeOf = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1_000_000)];

/** The families as OpenTelemetry's SDK hands them to an exporter: cumulative, as of one moment. */
export function metricDataOf(families: readonly MetricFamily[], atMs: number): MetricData[] {
  return families
    .filter(({ points }) => points.length > 0)
    .map((family) => (family.kind === 'histogram' ? histogramOf(family, atMs) : numbersOf(family, atMs)));
}

const descriptorOf = ({ name, help, unit }: MetricFamily) => ({
  ...{ name, description: help, unit, valueType: 1 },
});

const pointOf = <T>(
  { labels, more, sinceMs }: { labels: object; more?: object; sinceMs: number },
  atMs: number,
  value: T,
): DataPoint<T> => ({
  startTime: hrTimeOf(sinceMs === 0 ? atMs : sinceMs),
  endTime: hrTimeOf(atMs),
  attributes: { ...labels, ...more },
  value,
});

function numbersOf(family: NumberFamily, atMs: number): MetricData {
  const shared = {
    descriptor: descriptorOf(family),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: family.points.map((point) => pointOf(point, atMs, point.value)),
  };
  // The conventions make counts of connections and requests UpDownCounters: sums that may fall.
  const isSum = family.kind === 'counter' || family.name.startsWith('db.client.');
  const sum: SumMetricData = {
    ...{ ...shared, dataPointType: DataPointType.SUM, isMonotonic: family.kind === 'counter' },
  };
  return isSum ? sum : { ...shared, dataPointType: DataPointType.GAUGE };
}

function histogramOf(family: DistributionFamily, atMs: number): HistogramMetricData {
  const asHistogram = ({ counts, count, sumMs }: Distribution) => ({
    buckets: { boundaries: [...bucketBoundsS], counts: [...counts] },
    ...{ sum: sumMs / 1000, count },
  });
  return {
    descriptor: descriptorOf(family),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: family.points.map((point) => pointOf(point, atMs, asHistogram(point.value))),
  };
}
