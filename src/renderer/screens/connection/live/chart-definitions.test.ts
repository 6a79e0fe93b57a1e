import { describe, expect, it } from 'vitest';
import { type Bucket, bucketOfSample, mergeBuckets } from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { liveCharts } from './chart-definitions.ts';

const quiet: PoolSample = {
  profileId: 'p',
  atMs: 12_500,
  intervalMs: 1000,
  idle: 2,
  used: 3,
  connecting: 1,
  pending: 0,
  usedPeak: 3,
  pendingPeak: 0,
  longestPendingMs: 0,
  min: 0,
  max: 10,
  acquired: 0,
  released: 0,
  opened: 0,
  closed: 0,
  waitTimeouts: 0,
  connectTimeouts: 0,
  connectFailures: 0,
  connectionErrors: 0,
  waitMs: emptyHistogram(),
  holdMs: emptyHistogram(),
  connectMs: emptyHistogram(),
  healthCheck: null,
};

const bucket = (...samples: Partial<PoolSample>[]): Bucket =>
  samples.map((sample) => bucketOfSample({ ...quiet, ...sample }, 12_000)).reduce(mergeBuckets);

/** What a chart shows for a bucket, by label. */
function shown(title: string, of: Bucket): Record<string, number | null | undefined> {
  const chart = liveCharts.find((candidate) => candidate.title === title);
  return Object.fromEntries((chart?.series ?? []).map(({ label, value }) => [label, value(of)]));
}

describe('the charts of the Live tab', () => {
  it('stack states that were true at one moment, so that they add up', () => {
    const states = shown('Connections by state', bucket({ used: 9, idle: 0 }, { used: 3, idle: 2 }));
    expect(states).toMatchObject({ Used: 3, Connecting: 1, Idle: 2, Max: 10 });
  });

  it('keep a spike that came and went between two samples', () => {
    const of = bucket({ usedPeak: 10, pendingPeak: 7 }, {});
    expect(shown('Connections by state', of)['Used, peak']).toBe(10);
    expect(shown('Pending requests', of)).toEqual({ 'Waiting, peak': 7 });
  });

  it('show a gap, not 0, for the percentiles of nothing', () => {
    expect(shown('Wait time', bucket({}))).toEqual({ p50: null, p95: null, p99: null });
    expect(shown('Hold time', bucket({}))).toEqual({ p50: null, p95: null, p99: null });
  });

  it('divide throughput by the time covered', () => {
    expect(shown('Throughput', bucket({ acquired: 30, intervalMs: 2000 })).Acquired).toBe(15);
  });

  it('add up errors of a bucket, each kind by itself', () => {
    const of = bucket({ waitTimeouts: 1, connectFailures: 2 }, { waitTimeouts: 1, connectionErrors: 1 });
    expect(shown('Errors and timeouts', of)).toEqual({
      'Wait timeouts': 2,
      'Connect timeouts': 0,
      'Connect failures': 2,
      'Broken connections': 1,
    });
  });

  it('carry the round trip between checks, and break it off with a mark where one failed', () => {
    expect(shown('Health round trip', bucket({}))).toEqual({ 'Round trip': undefined, 'Failed checks': 0 });
    const passed = bucket({ healthCheck: { roundTripMs: 2 } }, { healthCheck: { roundTripMs: 1 } });
    expect(shown('Health round trip', passed)).toEqual({ 'Round trip': 2, 'Failed checks': 0 });
    const failed = bucket({ healthCheck: { roundTripMs: null } });
    expect(shown('Health round trip', failed)).toEqual({ 'Round trip': null, 'Failed checks': 1 });
  });

  it('mark a failure in a long bucket without hiding the checks that passed', () => {
    const mixed = bucket({ healthCheck: { roundTripMs: null } }, { healthCheck: { roundTripMs: 1 } });
    expect(shown('Health round trip', mixed)).toEqual({ 'Round trip': 1, 'Failed checks': 1 });
  });

  it('can be told apart without colour within each chart', () => {
    for (const { series } of liveCharts) {
      const looks = series.map(({ kind, dash, width, fill }) => [kind, dash, width, fill].join());
      expect(new Set(looks).size).toBe(series.length);
    }
  });
});
