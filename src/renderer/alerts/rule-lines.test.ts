import { describe, expect, it } from 'vitest';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import type { AlertChart } from '#shared/model/alert-kinds.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { ruleLines } from './rule-lines.ts';

const rule = (ruleId: string, changes: Partial<AlertRule> = {}): AlertRule => {
  const found = defaultAlertRules.find((other) => other.ruleId === ruleId);
  if (found === undefined) throw new Error(`No rule ${ruleId}.`);
  return { ...found, ...changes };
};

/** The labels of each chart's lines. */
const labels = (rules: readonly AlertRule[], tab: AlertChart['tab'] = 'live') =>
  Object.fromEntries(
    [...ruleLines(rules, 'orders', tab)].map(([title, lines]) => [title, lines.map(({ label }) => label)]),
  );

describe('the lines that alert rules draw on charts', () => {
  it('are those of a new installation, each on the chart of its figure and unit', () => {
    expect(labels(defaultAlertRules)).toEqual({
      'Pending requests': ['Warning: Requests waiting over 0'],
      'Wait time': ['Warning: Wait time, p95 over 100 ms'],
      'Connections by state': ['Warning: Utilization at least 80 %'],
      'Hold time': ['Warning: Long hold over 5 min'],
    });
    expect(labels(defaultAlertRules, 'sessions')).toEqual({
      Oldest: ['Warning: Idle in transaction over 1 min', 'Warning: Blocked over 5 s'],
    });
    expect(labels(defaultAlertRules, 'pooler')).toEqual({
      'Wait for a server connection': [
        'Warning: Pooler: longest wait over 1 s',
        'Critical: Pooler: longest wait over 15 s',
      ],
    });
  });

  it('are in the unit of the chart; percent are a share of the maximum', () => {
    const lines = ruleLines([rule('wait-p95', { threshold: 250 }), rule('utilization')], 'orders', 'live');
    expect(lines.get('Wait time')).toMatchObject([{ key: 'wait-p95', value: 250 }]);
    expect(lines.get('Connections by state')).toMatchObject([{ value: 0.8, shareOf: 'max' }]);
  });

  it('are not drawn for a rule that is switched off or watches other connections', () => {
    expect(labels([rule('wait-p95', { enabled: false })])).toEqual({});
    expect(labels([rule('wait-p95', { scope: { kind: 'chosen', profileIds: ['billing'] } })])).toEqual({});
    const chosen = rule('wait-p95', { scope: { kind: 'chosen', profileIds: ['billing', 'orders'] } });
    expect(labels([chosen])).toEqual({ 'Wait time': ['Warning: Wait time, p95 over 100 ms'] });
  });

  it('have the critical ones over the warnings', () => {
    const rules = [
      rule('utilization', { ruleId: 'full', severity: 'critical', name: 'Full', threshold: 95 }),
      rule('utilization'),
    ];
    expect(labels(rules)).toEqual({
      'Connections by state': ['Warning: Utilization at least 80 %', 'Critical: Full at least 95 %'],
    });
  });
});
