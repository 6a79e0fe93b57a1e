import { describe, expect, it } from 'vitest';
import type { RuleStanding } from '#shared/model/alert.ts';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { watchedWords } from './watched-words.ts';

const rules = defaultAlertRules.slice(0, 3);
const standing = (ruleId: string, profileId: string, state: RuleStanding['state']) =>
  ({ ruleId, profileId, state }) as RuleStanding;
const idOf = (index: number) => rules[index]?.ruleId ?? '';

describe('that nothing is wrong', () => {
  it('is worth what is watched', () => {
    const standings = [
      standing(idOf(0), 'a', 'calm'),
      standing(idOf(0), 'b', 'calm'),
      standing(idOf(1), 'a', 'pending'),
      standing(idOf(2), 'a', 'noData'),
    ];
    expect(watchedWords({ rules, standings, openPools: 2 })).toEqual({
      isWatched: true,
      title: 'Nothing is wrong. 2 rules watch 2 connections.',
      more: '1 rule has no figures of an open connection, and can say nothing.',
    });
  });

  it('is not claimed when nobody looks', () => {
    const nobody = watchedWords({ rules, standings: [], openPools: 0 });
    expect(nobody.isWatched).toBe(false);
    expect(nobody.title).toMatch(/no connection is open/);
    expect(watchedWords({ rules, standings: [], openPools: 1 }).title).toMatch(/Nothing is known/);
    const off = rules.map((rule) => ({ ...rule, enabled: false }));
    expect(watchedWords({ rules: off, standings: [], openPools: 1 }).title).toMatch(/switched off/);
  });
});
