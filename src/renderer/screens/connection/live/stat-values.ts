import { emptyHistogram, mergeHistograms, percentileMs } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { formatCount, formatDuration, formatPercent, formatRate, noValue } from '../../../charts/formats.ts';
import type { LatestSample, PoolActivity } from '../../../live/latest-samples-store.ts';
import { formatClock } from '../../../time/clock.ts';
import type { Zone } from '../../../time/zone.ts';

/** What one tile says. `alarming`: someone should look. */
export interface StatValue {
  label: string;
  value: string;
  note: string;
  alarming: boolean;
}

/** The pool now, in words and figures. Without activity (the pool is not open) every value is a dash. */
export function statValues(activity: PoolActivity | undefined, zone: Zone): StatValue[] {
  if (activity === undefined) {
    return ['Used', 'Idle', 'Waiting', 'Wait p95', 'Throughput', 'Round trip'].map((label) => ({
      label,
      value: noValue,
      note: '',
      alarming: false,
    }));
  }
  const { latest, recent, lastCheck } = activity;
  const peak = latest.recentPeak;
  return [
    {
      label: 'Used',
      value: `${latest.used} / ${latest.max}`,
      note:
        peak.used > latest.used
          ? peakNote(peak.used)
          : `${formatPercent(latest.max > 0 ? latest.used / latest.max : 0)} of max`,
      alarming: peak.used >= latest.max,
    },
    {
      label: 'Idle',
      value: formatCount(latest.idle),
      note: latest.connecting > 0 ? `${latest.connecting} connecting` : 'none connecting',
      alarming: false,
    },
    {
      label: 'Waiting',
      value: formatCount(latest.pending),
      note: waitingNote(latest),
      alarming: peak.pending > 0,
    },
    { label: 'Wait p95', value: waitP95(recent), note: 'last 10 s', alarming: false },
    { label: 'Throughput', value: throughput(recent), note: 'handed out, last 10 s', alarming: false },
    {
      label: 'Round trip',
      value:
        lastCheck === null
          ? noValue
          : lastCheck.roundTripMs === null
            ? 'failed'
            : formatDuration(lastCheck.roundTripMs),
      note: lastCheck === null ? 'no check yet' : `checked ${formatClock(lastCheck.atMs, zone)}`,
      alarming: lastCheck !== null && lastCheck.roundTripMs === null,
    },
  ];
}

/** Between two samples more can happen than either shows; the charts show it too. */
const peakNote = (peak: number) => `peak ${formatCount(peak)} in 10 s`;

function waitingNote({ pending, longestPendingMs, recentPeak }: LatestSample): string {
  if (recentPeak.pending > pending) return peakNote(recentPeak.pending);
  return pending > 0 ? `longest ${formatDuration(longestPendingMs)}` : 'nobody waits';
}

function waitP95(recent: readonly PoolSample[]): string {
  const merged = recent.reduce((sum, sample) => mergeHistograms(sum, sample.waitMs), emptyHistogram());
  const p95 = percentileMs(merged, 0.95);
  return p95 === null ? noValue : formatDuration(p95);
}

function throughput(recent: readonly PoolSample[]): string {
  const acquired = recent.reduce((sum, sample) => sum + sample.acquired, 0);
  const coveredMs = recent.reduce((sum, sample) => sum + sample.intervalMs, 0);
  return coveredMs > 0 ? formatRate((acquired * 1000) / coveredMs) : noValue;
}
