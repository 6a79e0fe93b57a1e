import { describe, expect, it } from 'vitest';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { failingSince } from './failing-since.ts';
import { troubleOf } from './trouble.ts';

const profile = (profileId: string): ProfileView => ({
  ...profileDefaults,
  profileId,
  name: `the ${profileId}`,
  kind: 'user',
  hasPassword: false,
  hasKeyPassphrase: false,
});
const profiles = ['a', 'b', 'c'].map(profile);
const failure = (message: string) => ({ code: 'connection_lost' as const, message, details: {} });
const open = (profileId: string, atMs: number, consecutiveFailures: number): PoolStatus => ({
  profileId,
  state: 'open',
  target: null,
  openedAtMs: 1,
  error: null,
  health: { ...unknownHealth, consecutiveFailures, lastError: { ...failure(`lost ${profileId}`), atMs } },
});
const refused = (profileId: string): PoolStatus => ({
  profileId,
  state: 'closed',
  target: null,
  openedAtMs: null,
  error: failure(`refused ${profileId}`),
  health: unknownHealth,
});
const nobody = new Map<string, number | null>();

describe('the errors in the status line', () => {
  it('name the one connection that fails now, whatever failed later and is well again', () => {
    const trouble = troubleOf([open('a', 10, 3), open('b', 30, 0)], profiles, new Map([['a', 4]]));
    expect(trouble).toEqual({ kind: 'one', profileId: 'a', name: 'the a', message: 'lost a', atMs: 4 });
  });

  it('name a connection that could not be opened', () => {
    const trouble = troubleOf([refused('c')], profiles, nobody);
    expect(trouble).toEqual({ kind: 'one', profileId: 'c', name: 'the c', message: 'refused c', atMs: null });
  });

  it('are a number when several fail, so that the line stands still', () => {
    const pools = (a: number, b: number) => [open('a', a, 3), open('b', b, 3), refused('c')];
    expect(troubleOf(pools(10, 11), profiles, nobody)).toEqual({ kind: 'several', count: 3 });
    expect(troubleOf(pools(13, 12), profiles, nobody)).toEqual({ kind: 'several', count: 3 });
  });

  it('are the newest failure of old once all is well', () => {
    const trouble = troubleOf([open('a', 10, 0), open('b', 30, 0)], profiles, nobody);
    expect(trouble).toEqual({ kind: 'past', profileId: 'b', name: 'the b', message: 'lost b', atMs: 30 });
  });

  it('are absent when nothing ever failed, and never those of a deleted connection', () => {
    expect(troubleOf([open('a', 10, 3)], [], nobody)).toEqual({ kind: 'none' });
    expect(troubleOf([], profiles, nobody)).toEqual({ kind: 'none' });
  });
});

describe('since when a pool fails', () => {
  it('is its first failed check, however many follow', () => {
    const first = failingSince(nobody, [open('a', 10, 1)], 11);
    expect(first.get('a')).toBe(10);
    expect(failingSince(first, [open('a', 20, 2)], 21)).toBe(first);
  });

  it('begins anew after a check that passed', () => {
    const first = failingSince(nobody, [open('a', 10, 1)], 11);
    const well = failingSince(first, [open('a', 10, 0)], 15);
    expect(well.size).toBe(0);
    expect(failingSince(well, [open('a', 30, 1)], 31).get('a')).toBe(30);
  });

  it('is when we heard that it could not be opened, and unknown when that was before', () => {
    expect(failingSince(nobody, [refused('c')], 50).get('c')).toBe(50);
    expect(failingSince(null, [refused('c')], 50).get('c')).toBeNull();
  });
});
