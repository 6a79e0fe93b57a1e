import { describe, expect, it } from 'vitest';
import type { PoolStatus } from '#shared/contract/pools.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { poolView } from './pool-view.ts';

const pool = (changes: Partial<PoolStatus>): PoolStatus => ({
  profileId: 'p1',
  state: 'closed',
  target: null,
  openedAtMs: null,
  error: null,
  health: unknownHealth,
  ...changes,
});

describe('how a pool stands', () => {
  it('is its health while it is open, and "checking" before the first check', () => {
    expect(poolView(pool({ state: 'open' }))).toBe('checking');
    for (const state of ['healthy', 'degraded', 'unhealthy'] as const) {
      expect(poolView(pool({ state: 'open', health: { ...unknownHealth, state } }))).toBe(state);
    }
  });

  it('takes nothing from the health of before once it is closed', () => {
    expect(poolView(pool({ health: { ...unknownHealth, state: 'healthy' } }))).toBe('closed');
  });

  it('tells a pool that could not open from one closed on purpose', () => {
    const error = { code: 'auth_failed' as const, message: 'Wrong password.', details: {} };
    expect(poolView(pool({ error }))).toBe('failed');
    expect(poolView(pool({ state: 'opening', error }))).toBe('opening');
    expect(poolView(pool({ state: 'closing' }))).toBe('closing');
  });
});
