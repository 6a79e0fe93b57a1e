import { describe, expect, it } from 'vitest';
import type { PoolState } from '#shared/contract/pools.ts';
import { type HealthState, unknownHealth } from '#shared/model/health.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import type { LatestSample } from '../../live/latest-samples-store.ts';
import { type OverviewRow, overviewRow, worstFirst } from './worst-first.ts';

interface Given {
  state?: PoolState;
  health?: HealthState;
  failed?: boolean;
  used?: number;
  pending?: number;
  /** Within the last ten seconds; as much as now unless told. */
  usedPeak?: number;
  pendingPeak?: number;
}

function row(name: string, given: Given = {}): OverviewRow {
  const { state = 'open', health = 'healthy', failed = false, used = 0, pending = 0 } = given;
  const { usedPeak = used, pendingPeak = pending } = given;
  const profile = {
    ...profileDefaults,
    profileId: name,
    name,
    kind: 'user' as const,
    hasPassword: false,
    hasKeyPassphrase: false,
  };
  const error = failed ? { code: 'auth_failed' as const, message: 'No.', details: {} } : null;
  const status = {
    profileId: name,
    state,
    target: null,
    openedAtMs: null,
    error,
    health: { ...unknownHealth, state: health },
  };
  const sample: LatestSample = {
    profileId: name,
    atMs: 1,
    intervalMs: 1000,
    idle: 10 - used,
    used,
    connecting: 0,
    pending,
    usedPeak: used,
    pendingPeak: pending,
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
    recentPeak: { used: usedPeak, pending: pendingPeak },
  };
  return overviewRow(profile, status, sample);
}

const order = (rows: OverviewRow[]) => rows.sort(worstFirst).map(({ profile }) => profile.name);

describe('worst first', () => {
  it('is unhealthy or failed, degraded, waiting, busiest, then closed', () => {
    expect(
      order([
        row('closed', { state: 'closed' }),
        row('quiet', { used: 1 }),
        row('busy', { used: 9 }),
        row('waiting', { used: 2, pending: 3 }),
        row('degraded', { health: 'degraded' }),
        row('unhealthy', { health: 'unhealthy', used: 4 }),
        row('failed', { state: 'closed', failed: true }),
      ]),
    ).toEqual(['unhealthy', 'failed', 'degraded', 'waiting', 'busy', 'quiet', 'closed']);
  });

  it('counts what happened in the last ten seconds, not only what is seen this instant', () => {
    expect(
      order([
        row('calm', { used: 5 }),
        row('was full', { used: 1, usedPeak: 10 }),
        row('had waiting', { used: 0, pendingPeak: 17 }),
      ]),
    ).toEqual(['had waiting', 'was full', 'calm']);
  });

  it('keeps equals in the order of their names, so that rows do not jump about', () => {
    expect(order([row('c'), row('a'), row('b')])).toEqual(['a', 'b', 'c']);
  });

  it('takes no figures from a pool that is closed: its last sample is history', () => {
    expect(row('gone', { state: 'closed', used: 9 }).sample).toBeUndefined();
  });
});
