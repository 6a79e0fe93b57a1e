import { expect, it } from 'vitest';
import type { RuleStanding } from '#shared/model/alert.ts';
import { newRule } from './rule-values.ts';
import { ruleParts, ruleSentence, standingWords } from './rule-words.ts';

it('a rule is told in a sentence, and in a line', () => {
  expect(ruleSentence(newRule('r', 'utilization'))).toBe(
    'Fires on: Utilization at least 80 % for 1 min. Resolves below 70 %. Then it is quiet about that connection for 1 min.',
  );
  expect(ruleSentence({ ...newRule('r', 'unhealthy'), cooldownMs: 0 })).toBe(
    'Fires on: Unhealthy. Resolves once that is over.',
  );
  expect(ruleParts(newRule('r', 'waitP95'))).toEqual([
    'Wait time, p95 over 100 ms for 20 s',
    'resolves at 80 ms or less',
    'cooldown 1 min',
  ]);
});

it('how a rule stands is told with what is wrong first', () => {
  const standing = (state: RuleStanding['state']) => ({ state }) as RuleStanding;
  expect(standingWords(['calm', 'noData', 'firing', 'calm'].map((state) => standing(state as 'calm')))).toBe(
    '1 firing, 2 calm, 1 without data',
  );
  expect(standingWords([])).toBe('Nothing to watch');
});
