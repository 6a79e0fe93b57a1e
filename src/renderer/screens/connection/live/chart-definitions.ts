import { type Bucket, perSecond } from '#shared/model/bucket.ts';
import { slowRoundTripMs } from '#shared/model/health.ts';
import { type Histogram, percentileMs } from '#shared/model/histogram.ts';
import { noRuleLines, type RuleLines } from '../../../alerts/rule-lines.ts';
import {
  formatCount,
  formatCountTick,
  formatDuration,
  formatDurationTick,
  formatRate,
} from '../../../charts/formats.ts';
import type { SeriesDefinition } from '../../../charts/series.ts';
import type { Threshold } from '../../../charts/thresholds.ts';
import { formatStep } from '../../../ranges/range-words.ts';

/** Settings of a pool that its figures are measured against; null where they are not known. */
export interface PoolLimits {
  waitTimeoutMs: number | null;
  healthTimeoutMs: number | null;
}

/** The limits a profile sets; none when it is gone. */
export const limitsOf = (profile: PoolLimits | undefined): PoolLimits => ({
  waitTimeoutMs: profile?.waitTimeoutMs ?? null,
  healthTimeoutMs: profile?.healthTimeoutMs ?? null,
});

/** One chart of the Live tab: everything `TimeSeriesChart` needs that never changes. */
export interface ChartDefinition {
  title: string;
  /** In words; `{bucket}` stands for the length of a bucket. */
  unit: string;
  series: readonly SeriesDefinition[];
  format: (value: number) => string;
  formatTick: (value: number) => string;
  valueUnit: string;
  leastTop: number;
  wholeNumbers: boolean;
  readoutChars: number;
  thresholdsOf(limits: PoolLimits): Threshold[];
  /** Takes the whole width where there are two columns. */
  wide: boolean;
}

const counts = {
  format: formatCount,
  formatTick: formatCountTick,
  valueUnit: '',
  leastTop: 1,
  wholeNumbers: true,
  readoutChars: 3,
  thresholdsOf: () => [],
  wide: false,
};
const durations = {
  format: formatDuration,
  formatTick: formatDurationTick,
  valueUnit: 'ms',
  // Below a millisecond there is nothing to see; a smaller axis would dress noise up as news.
  leastTop: 1,
  wholeNumbers: false,
  readoutChars: 7,
  thresholdsOf: () => [],
  wide: false,
};

const limit = (what: string, ms: number | null): Threshold[] =>
  ms === null ? [] : [{ key: what, label: `${what} ${formatDurationTick(ms)}`, value: ms }];

/** Percentiles of a histogram. A thin, a dashed and a heavy line can be told apart without colour. */
function percentiles(histogramOf: (bucket: Bucket) => Histogram): SeriesDefinition[] {
  const line = (percent: number, style: Pick<SeriesDefinition, 'dash' | 'width'> = {}): SeriesDefinition => ({
    key: `p${percent}`,
    label: `p${percent}`,
    color: `--series-p${percent}`,
    kind: 'line',
    ...style,
    value: (bucket) => percentileMs(histogramOf(bucket), percent / 100),
  });
  return [line(50), line(95, { dash: '6 3' }), line(99, { width: 2.25 })];
}

const connections: ChartDefinition = {
  ...counts,
  title: 'Connections by state',
  unit: 'connections',
  wide: true,
  series: [
    {
      key: 'used',
      label: 'Used',
      color: '--series-used',
      kind: 'area-stack',
      value: ({ used }) => used.last,
    },
    {
      key: 'connecting',
      label: 'Connecting',
      color: '--series-connecting',
      kind: 'area-stack',
      fill: 'striped',
      overlaid: false,
      value: ({ connecting }) => connecting.last,
    },
    {
      key: 'idle',
      label: 'Idle',
      color: '--series-idle',
      kind: 'area-stack',
      fill: 'faint',
      value: ({ idle }) => idle.last,
    },
    {
      key: 'usedPeak',
      label: 'Used, peak',
      color: '--series-used',
      kind: 'step',
      // What was in use between two samples; the areas show the samples themselves, which add up.
      value: ({ used }) => used.max,
    },
    {
      key: 'max',
      label: 'Max',
      color: '--series-max',
      kind: 'step',
      dash: '6 4',
      overlaid: false,
      value: ({ maxSetting }) => maxSetting,
    },
  ],
};

const pending: ChartDefinition = {
  ...counts,
  title: 'Pending requests',
  unit: 'waiting for a connection',
  series: [
    {
      key: 'pending',
      label: 'Waiting, peak',
      color: '--series-pending',
      kind: 'area-stack',
      value: (bucket) => bucket.pending.max,
    },
  ],
};

const wait: ChartDefinition = {
  ...durations,
  title: 'Wait time',
  unit: 'request to hand-over',
  thresholdsOf: ({ waitTimeoutMs }) => limit('Wait timeout', waitTimeoutMs),
  series: percentiles((bucket) => bucket.waitMs),
};

const hold: ChartDefinition = {
  ...durations,
  title: 'Hold time',
  unit: 'hand-over to release',
  series: percentiles((bucket) => bucket.holdMs),
};

const throughput: ChartDefinition = {
  ...counts,
  title: 'Throughput',
  unit: 'connections handed out per second',
  format: formatRate,
  valueUnit: 'per second',
  wholeNumbers: false,
  readoutChars: 8,
  series: [
    {
      key: 'acquired',
      label: 'Acquired',
      color: '--series-throughput',
      kind: 'line',
      value: (bucket) => perSecond(bucket, 'acquired'),
    },
  ],
};

const errors: ChartDefinition = {
  ...counts,
  title: 'Errors and timeouts',
  unit: 'per {bucket}',
  series: [
    {
      key: 'waitTimeouts',
      label: 'Wait timeouts',
      color: '--series-timeouts',
      kind: 'bars',
      value: ({ waitTimeouts }) => waitTimeouts,
    },
    {
      key: 'connectTimeouts',
      label: 'Connect timeouts',
      color: '--series-timeouts',
      kind: 'bars',
      fill: 'striped',
      value: ({ connectTimeouts }) => connectTimeouts,
    },
    {
      key: 'connectFailures',
      label: 'Connect failures',
      color: '--series-errors',
      kind: 'bars',
      fill: 'dotted',
      value: ({ connectFailures }) => connectFailures,
    },
    {
      key: 'connectionErrors',
      label: 'Broken connections',
      color: '--series-errors',
      kind: 'bars',
      fill: 'faint',
      value: ({ connectionErrors }) => connectionErrors,
    },
  ],
};

const health: ChartDefinition = {
  ...durations,
  title: 'Health round trip',
  unit: 'asking the pool to the answer',
  thresholdsOf: ({ healthTimeoutMs }) => [
    ...limit('Degraded above', slowRoundTripMs),
    ...limit('Check timeout', healthTimeoutMs),
  ],
  series: [
    {
      key: 'roundTrip',
      label: 'Round trip',
      color: '--series-health',
      kind: 'step',
      // Between checks the last one stands; where all failed it ends. One failure among many of a
      // long bucket is marked and hides none of the others.
      value: ({ health: { checks, roundTripMs } }) => (checks === 0 ? undefined : (roundTripMs?.max ?? null)),
    },
    {
      key: 'failed',
      label: 'Failed checks',
      color: '--series-errors',
      kind: 'marks',
      format: formatCount,
      value: ({ health: { failures } }) => failures,
    },
  ],
};

/** What one unit of a chart's value axis is, where buckets have this length. */
export const unitOf = ({ unit }: ChartDefinition, bucketMs: number): string =>
  unit.replace('{bucket}', formatStep(bucketMs));

/** The lines in a chart: the pool's limits, then those of alert rules. */
export const thresholdsOf = (chart: ChartDefinition, limits: PoolLimits, rules: RuleLines): Threshold[] => [
  ...chart.thresholdsOf(limits),
  ...(rules.get(chart.title) ?? []),
];

/** The charts of the Live tab for buckets of a length, against a pool's limits, in reading order. */
export function chartsFor(bucketMs: number, limits: PoolLimits) {
  return liveCharts.map((chart) => {
    const { thresholdsOf: _, ...rest } = chart;
    return { ...rest, unit: unitOf(chart, bucketMs), thresholds: thresholdsOf(chart, limits, noRuleLines) };
  });
}

/** Those charts as they are defined. */
export const liveCharts: readonly ChartDefinition[] = [
  connections,
  pending,
  wait,
  hold,
  throughput,
  errors,
  health,
];
