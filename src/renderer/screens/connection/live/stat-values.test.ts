import { describe, expect, it } from 'vitest';
import { emptyHistogram, HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { LatestSample, PoolActivity } from '../../../live/latest-samples-store.ts';
import { statValues } from './stat-values.ts';

const base = {
  atMs: new Date(2026, 10, 21, 14, 3, 21).getTime(),
  intervalMs: 1000,
  idle: 3,
  used: 7,
  connecting: 0,
  pending: 0,
  longestPendingMs: 0,
  max: 10,
  acquired: 120,
  waitMs: emptyHistogram(),
} as PoolSample;

/** A newest sample whose peaks are its own values unless told. */
function latestOf(change: Partial<LatestSample> = {}): LatestSample {
  const sample = { ...base, ...change };
  return { ...sample, recentPeak: change.recentPeak ?? { used: sample.used, pending: sample.pending } };
}

function tiles(latest: Partial<LatestSample> = {}, more: Partial<PoolActivity> = {}): Record<string, string> {
  const sample = latestOf(latest);
  const values = statValues({ latest: sample, recent: [sample], lastCheck: null, ...more }, 'local');
  return Object.fromEntries(values.map(({ label, value, note }) => [label, `${value} · ${note}`]));
}

const alarms = (activity: PoolActivity) =>
  statValues(activity, 'local')
    .filter(({ alarming }) => alarming)
    .map(({ label }) => label);

describe('the figures above the charts', () => {
  it('say how much of the pool is used', () => {
    expect(tiles().Used).toBe('7 / 10 · 70 % of max');
  });

  it('say how many wait, and how long the longest has', () => {
    expect(tiles({ pending: 4, longestPendingMs: 320 }).Waiting).toBe('4 · longest 320 ms');
    expect(tiles().Waiting).toBe('0 · nobody waits');
  });

  it('count connections being opened beside the idle ones', () => {
    expect(tiles({ connecting: 2 }).Idle).toBe('3 · 2 connecting');
  });

  it('take the percentile of the last ten seconds together, not of one of them', () => {
    const waits = (ms: number, times: number) => {
      const recorder = new HistogramRecorder();
      for (let i = 0; i < times; i++) recorder.record(ms);
      return { ...base, waitMs: recorder.take() };
    };
    const recent = [waits(100, 10), waits(1, 5)];
    expect(tiles({}, { recent })['Wait p95']).toMatch(/^100 ms/);
    expect(tiles()['Wait p95']).toMatch(/^–/);
  });

  it('divide by the time really covered', () => {
    const recent = [
      { ...base, intervalMs: 1500 },
      { ...base, intervalMs: 2500 },
    ];
    expect(tiles({}, { recent }).Throughput).toMatch(/^60\/s/);
  });

  it('tell the last health check, passed or failed', () => {
    const lastCheck = { atMs: base.atMs, roundTripMs: 0.5 };
    expect(tiles({}, { lastCheck })['Round trip']).toBe('0.5 ms · checked 14:03:21');
    expect(tiles({}, { lastCheck: { ...lastCheck, roundTripMs: null } })['Round trip']).toBe(
      'failed · checked 14:03:21',
    );
    expect(tiles()['Round trip']).toBe('– · no check yet');
  });

  it('raise an alarm when someone waits, the pool is full or a check failed', () => {
    const calm = { latest: latestOf(), recent: [base], lastCheck: null };
    expect(alarms(calm)).toEqual([]);
    expect(alarms({ ...calm, latest: latestOf({ pending: 1 }) })).toEqual(['Waiting']);
    expect(alarms({ ...calm, latest: latestOf({ used: 10 }) })).toEqual(['Used']);
    expect(alarms({ ...calm, lastCheck: { atMs: 0, roundTripMs: null } })).toEqual(['Round trip']);
  });

  it('show the peak of ten seconds where it is higher, and its alarm', () => {
    const recentPeak = { used: 10, pending: 17 };
    expect(tiles({ recentPeak }).Waiting).toBe('0 · peak 17 in 10 s');
    expect(tiles({ recentPeak }).Used).toBe('7 / 10 · peak 10 in 10 s');
    expect(tiles({ pending: 17, longestPendingMs: 320, recentPeak }).Waiting).toBe('17 · longest 320 ms');
    expect(alarms({ latest: latestOf({ recentPeak }), recent: [base], lastCheck: null })).toEqual([
      'Used',
      'Waiting',
    ]);
  });

  it('are dashes under the same labels while the pool is not open', () => {
    const closed = statValues(undefined, 'local');
    const open = statValues({ latest: latestOf(), recent: [base], lastCheck: null }, 'local');
    expect(closed.map(({ label }) => label)).toEqual(open.map(({ label }) => label));
    expect(new Set(closed.map(({ value }) => value))).toEqual(new Set(['–']));
  });
});
