import { describe, expect, it } from 'vitest';
import { alertKinds } from '#shared/model/alert-kinds.ts';
import {
  checkedRule,
  defaultOf,
  isChanged,
  lengthOf,
  newRule,
  numberOf,
  type RuleValues,
  valuesOf,
  withKind,
} from './rule-values.ts';

const utilization = () => {
  const rule = defaultOf('utilization');
  if (rule === null) throw new Error('There is no such rule.');
  return rule;
};
const errorsOf = (values: Partial<RuleValues>) => {
  const outcome = checkedRule({ ...valuesOf(utilization()), ...values });
  return 'errors' in outcome ? outcome.errors : {};
};
const bare = (amount: number | string) => ({ amount, unit: 1 });

describe('a length in its boxes', () => {
  it('stands in the largest unit that holds it whole', () => {
    expect([0, 500, 10_000, 90_000, 300_000, 7_200_000].map(lengthOf)).toEqual([
      { amount: 0, unit: 1000 },
      { amount: 500, unit: 1 },
      { amount: 10, unit: 1000 },
      { amount: 90, unit: 1000 },
      { amount: 5, unit: 60_000 },
      { amount: 2, unit: 3_600_000 },
    ]);
  });

  it('is whole milliseconds, and no number while nothing is typed', () => {
    expect(numberOf({ amount: '1.5', unit: 1000 })).toBe(1500);
    expect(numberOf({ amount: '', unit: 1000 })).toBeNaN();
  });
});

describe('what is typed into a rule', () => {
  it('comes out as it went in', () => {
    expect(checkedRule(valuesOf(utilization()))).toEqual({ rule: utilization() });
  });

  it('is told that it could never fire, or always would', () => {
    expect(errorsOf({ threshold: bare(120) }).threshold).toBe(
      'The rule could never fire: nothing reaches 120. Choose 1 to 100.',
    );
    expect(errorsOf({ threshold: bare(0) }).threshold).toBe(
      'The rule would always fire with a threshold of 0. Choose 1 to 100.',
    );
  });

  it('is told of a length in the unit that people say it in', () => {
    const hold = valuesOf({ ...newRule('r', 'longHold'), threshold: 8 * 86_400_000 });
    const outcome = checkedRule(hold);
    expect('errors' in outcome && outcome.errors.threshold).toBe(
      'The rule could never fire: nothing reaches 8 days. Choose 1 ms to 7 days.',
    );
  });

  it('is told that its alerts would be over at once', () => {
    expect(errorsOf({ clearThreshold: bare(90) }).clearThreshold).toMatch(/would resolve at once/);
  });

  it('is told what is missing or too long, beside each field', () => {
    expect(
      errorsOf({
        name: ' ',
        threshold: bare(''),
        for: { amount: 2, unit: 3_600_000 },
        cooldown: { amount: -1, unit: 1000 },
        scope: { kind: 'chosen', profileIds: [] },
      }),
    ).toEqual({
      name: 'Name must not be empty.',
      threshold: 'Threshold must be a number.',
      for: 'The duration must be a length from 0 s to 1 h.',
      cooldown: 'The cooldown must be a length from 0 s to 24 h.',
      scope: 'Choose at least one connection.',
    });
  });
});

describe('a new rule', () => {
  it('works as it is, whatever it watches', () => {
    for (const kind of alertKinds) expect(checkedRule(valuesOf(newRule('r', kind)))).toHaveProperty('rule');
  });

  it('takes the usual figures of what it is made to watch, and keeps a name given to it', () => {
    const before = valuesOf(newRule('r', 'pending'));
    const after = withKind({ ...before, severity: 'critical' }, 'serverHeadroom');
    expect(after).toMatchObject({ kind: 'serverHeadroom', severity: 'critical', threshold: { amount: 20 } });
    expect(after.name).toBe('Server headroom under 20 %');
    expect(withKind({ ...before, name: 'Mine' }, 'serverHeadroom').name).toBe('Mine');
  });
});

it('a rule of a new installation counts as changed once more than its switch is', () => {
  expect(isChanged(utilization())).toBe(false);
  expect(isChanged({ ...utilization(), enabled: false })).toBe(false);
  expect(isChanged({ ...utilization(), threshold: 90 })).toBe(true);
  expect(isChanged({ ...utilization(), ruleId: 'mine', threshold: 90 })).toBe(false);
});
