import { type Bucket, mergeBuckets } from '#shared/model/bucket.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';
import { formatCount, formatDuration, formatRate, noValue } from '../../charts/formats.ts';
import type { SeriesView } from '../../charts/series.ts';

/** One line of a report: what, and its value in words. */
export interface KeyFigure {
  label: string;
  value: string;
}

/** The buckets of a view that lie within its span; a live view holds a few more. */
export function bucketsWithin({ buckets, bucketMs, fromMs, toMs }: SeriesView): Bucket[] {
  return buckets.filter(({ startMs }) => startMs + bucketMs > fromMs && startMs < toMs);
}

const duration = (ms: number | null) => (ms === null ? noValue : formatDuration(ms));

/** What a range came to. Percentiles come from merged histograms, maxima from maxima. Empty without samples. */
export function keyFigures(view: SeriesView): KeyFigure[] {
  const buckets = bucketsWithin(view);
  const [first, ...others] = buckets;
  if (first === undefined) return [];
  const all = others.reduce(mergeBuckets, first);
  const mostAllowed = Math.max(...buckets.map(({ maxSetting }) => maxSetting));
  const { waitMs, holdMs, health } = all;
  const trips = health.roundTripMs;
  const timeouts = all.waitTimeouts + all.connectTimeouts;
  const errors = all.connectFailures + all.connectionErrors;
  return [
    {
      label: 'Connections used, highest',
      value: `${formatCount(all.used.max)} of ${formatCount(mostAllowed)}`,
    },
    { label: 'Pending requests, peak', value: formatCount(all.pending.max) },
    { label: 'Longest wait seen in the queue', value: formatDuration(all.longestPendingMs) },
    { label: 'Wait p50', value: duration(percentileMs(waitMs, 0.5)) },
    { label: 'Wait p95', value: duration(percentileMs(waitMs, 0.95)) },
    { label: 'Wait p99', value: duration(percentileMs(waitMs, 0.99)) },
    { label: 'Wait, longest', value: duration(waitMs.count === 0 ? null : waitMs.maxMs) },
    { label: 'Hold, mean', value: duration(meanMs(holdMs)) },
    { label: 'Handed out', value: `${formatCount(all.acquired)} (${meanRate(all)})` },
    {
      label: 'Timeouts',
      value: counted(timeouts, [all.waitTimeouts, 'waiting'], [all.connectTimeouts, 'connecting']),
    },
    {
      label: 'Errors',
      value: counted(errors, [all.connectFailures, 'connecting'], [all.connectionErrors, 'broken']),
    },
    {
      label: 'Round trip, shortest to longest',
      value: trips === null ? noValue : `${formatDuration(trips.min)} to ${formatDuration(trips.max)}`,
    },
    {
      label: 'Health checks failed',
      value: `${formatCount(health.failures)} of ${formatCount(health.checks)}`,
    },
    {
      label: 'Time sampled',
      value: `${formatDuration(all.coveredMs)} of ${formatDuration(view.toMs - view.fromMs)}`,
    },
  ];
}

const meanRate = ({ acquired, coveredMs }: Bucket) =>
  coveredMs > 0 ? formatRate((acquired * 1000) / coveredMs) : noValue;

/** "5 (3 waiting, 2 connecting)"; the parts only where there is something to tell apart. */
function counted(total: number, ...parts: readonly [number, string][]): string {
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return told.length === 0 ? '0' : `${formatCount(total)} (${told.join(', ')})`;
}
