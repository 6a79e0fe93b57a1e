import { describe, expect, it } from 'vitest';
import { historyRoutes } from '#shared/contract/history.ts';
import { recordingFails, recordingInWords } from '../../data/recording-words.ts';
import { deletedInWords, deletionOf } from './delete-values.ts';
import { checkedRetention, lostByRetention } from './retention-values.ts';

const nowMs = 1_780_000_000_000;
const dayMs = 86_400_000;

describe('what recording does', () => {
  it('is said in the words of the engine, once', () => {
    const reason = 'Recording of the history has stopped: the disk is full';
    expect(recordingInWords({ state: 'stopped', reason })).toBe(`${reason}.`);
    expect(recordingInWords({ state: 'off', reason: '' })).toMatch(/^Nothing is recorded/);
    expect(recordingInWords({ state: 'recording', reason: '' })).toMatch(/is recorded, once a second/);
  });

  it('is a warning only when nothing is recorded', () => {
    const fails = (state: 'recording' | 'opening' | 'stopped' | 'off') =>
      recordingFails({ state, reason: '' });
    expect([fails('recording'), fails('opening')]).toEqual([false, false]);
    expect([fails('stopped'), fails('off')]).toEqual([true, true]);
  });
});

describe('how long history is kept', () => {
  it('is checked as the contract checks it', () => {
    const route = historyRoutes['history.setRetention'].input;
    for (const rawDays of [0, 1, 7, 1.5, 366, 367, ''])
      for (const rollupDays of [0, 1, 6, 90, 3660, 3661, 'x']) {
        const outcome = checkedRetention({ rawDays, rollupDays });
        expect('retention' in outcome).toBe(route.safeParse({ rawDays, rollupDays }).success);
      }
  });

  it('says which number is wrong', () => {
    expect(checkedRetention({ rawDays: '', rollupDays: 90 })).toEqual({
      errors: { rawDays: 'Enter a whole number of days from 1 to 366.' },
    });
    expect(checkedRetention({ rawDays: 10, rollupDays: 9 })).toHaveProperty('errors.rollupDays');
  });

  it('warns of what goes when it is shortened, and of nothing else', () => {
    const before = { rawDays: 7, rollupDays: 90 };
    const old = nowMs - 100 * dayMs;
    expect(lostByRetention(before, { rawDays: 14, rollupDays: 90 }, old, nowMs)).toEqual([]);
    expect(lostByRetention(before, { rawDays: 1, rollupDays: 30 }, old, nowMs)).toEqual([
      'Single seconds older than 1 day go; their minutes stay.',
      'Everything older than 30 days goes.',
    ]);
    expect(lostByRetention(before, { rawDays: 1, rollupDays: 30 }, nowMs - dayMs / 2, nowMs)).toEqual([]);
    expect(lostByRetention(before, { rawDays: 1, rollupDays: 30 }, null, nowMs)).toEqual([]);
  });
});

describe('what is deleted', () => {
  const route = historyRoutes['history.deleteRange'].input;

  it('is always something the contract takes', () => {
    for (const profileId of [null, 'a'])
      for (const age of ['older', 'any'] as const) {
        const deletion = deletionOf({ profileId, age, days: 30 }, nowMs + 0.5);
        expect(typeof deletion).toBe('object');
        expect(route.safeParse({ ...(deletion as object), dryRun: true }).success).toBe(true);
      }
  });

  it('is by age from now', () => {
    expect(deletionOf({ profileId: 'a', age: 'older', days: 30 }, nowMs)).toEqual({
      profileId: 'a',
      beforeMs: nowMs - 30 * dayMs,
    });
    expect(deletionOf({ profileId: null, age: 'older', days: 0 }, nowMs)).toMatch(/whole number/);
    expect(deletionOf({ profileId: null, age: 'older', days: '' }, nowMs)).toMatch(/whole number/);
  });

  it('is said exactly', () => {
    const deleted = { dryRun: true, samples: 12_000, rollups: 200, events: 3, bytes: 1_200_000 };
    expect(deletedInWords(deleted)).toBe('12,000 samples, 200 minutes and 3 events: 1.2 MB');
    expect(deletedInWords({ ...deleted, rollups: 0, events: 1 })).toBe('12,000 samples and 1 event: 1.2 MB');
    expect(deletedInWords({ ...deleted, samples: 0, rollups: 0, events: 0 })).toBeNull();
  });
});
