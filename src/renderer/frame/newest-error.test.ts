import { describe, expect, it } from 'vitest';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { newestError } from './newest-error.ts';

const profile = (profileId: string): ProfileView => ({
  ...profileDefaults,
  profileId,
  name: `the ${profileId}`,
  kind: 'user',
  hasPassword: false,
});
const failure = (message: string) => ({ code: 'connection_lost' as const, message, details: {} });
const failing = (profileId: string, atMs: number): PoolStatus => ({
  profileId,
  state: 'open',
  openedAtMs: 1,
  error: null,
  health: { ...unknownHealth, lastError: { ...failure(`lost ${profileId}`), atMs } },
});
const refused = (profileId: string): PoolStatus => ({
  profileId,
  state: 'closed',
  openedAtMs: null,
  error: failure(`refused ${profileId}`),
  health: unknownHealth,
});

describe('the error in the status line', () => {
  it('is the newest failed check', () => {
    const error = newestError(
      [failing('a', 10), failing('b', 30), refused('c')],
      ['a', 'b', 'c'].map(profile),
    );
    expect(error).toEqual({ profileId: 'b', name: 'the b', message: 'lost b', atMs: 30 });
  });

  it('is a refused opening when no check failed', () => {
    const error = newestError([refused('c')], [profile('c')]);
    expect(error).toEqual({ profileId: 'c', name: 'the c', message: 'refused c', atMs: null });
  });

  it('is absent when all is well, and never one of a deleted connection', () => {
    expect(newestError([failing('a', 10)], [])).toBeNull();
    expect(newestError([], [profile('a')])).toBeNull();
  });
});
