import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { defaultAlertRules } from './alert-defaults.ts';
import { alertKinds } from './alert-kinds.ts';
import { alertRuleSchema, ruleProblems } from './alert-rule.ts';

describe('the rules a new installation starts with', () => {
  it.each(defaultAlertRules.map((rule) => [rule.name, rule] as const))('%s can be saved', (_name, rule) => {
    expect(z.safeParse(alertRuleSchema, rule).success).toBe(true);
  });

  it('watch every kind there is, and have ids of their own', () => {
    expect(new Set(defaultAlertRules.map(({ kind }) => kind))).toEqual(new Set(alertKinds));
    expect(new Set(defaultAlertRules.map(({ ruleId }) => ruleId)).size).toBe(defaultAlertRules.length);
  });
});

describe('saving a rule', () => {
  it.each([
    ['utilization', 120, 70, 'could never fire'],
    ['utilization', 0, 0, 'would always fire'],
    ['waitTimeouts', 0, 0, 'would always fire'],
    ['errorRate', 100, 50, 'could never fire'],
    ['serverHeadroom', 0, 10, 'could never fire'],
    ['serverHeadroom', 100, 100, 'would always fire'],
    ['utilization', 80, 90, 'at most the threshold'],
    ['serverHeadroom', 20, 10, 'at least the threshold'],
    ['serverHeadroom', 20, 101, 'could never resolve'],
    ['utilization', 80, 0, 'could never resolve'],
    ['pending', 5, -1, 'could never resolve'],
    ['unhealthy', 2, 1, 'no threshold'],
  ] as const)('says what is wrong with %s at %d, cleared at %d', (kind, threshold, clearThreshold, words) => {
    const [problem] = ruleProblems({ kind, threshold, clearThreshold });
    expect(problem?.message).toContain(words);
    const [first] = defaultAlertRules;
    const parsed = z.safeParse(alertRuleSchema, { ...first, kind, threshold, clearThreshold });
    expect(parsed.error?.issues[0]).toMatchObject({ path: [problem?.field], message: problem?.message });
  });
});
