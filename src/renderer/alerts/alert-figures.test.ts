import { describe, expect, it } from 'vitest';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { clearWords, conditionWords, formatFigure } from './alert-figures.ts';

const rule = (ruleId: string) => {
  const found = defaultAlertRules.find((known) => known.ruleId === ruleId);
  if (found === undefined) throw new Error(`No rule ${ruleId}.`);
  return found;
};

describe('a figure of an alert', () => {
  it('stands with its unit', () => {
    expect(formatFigure('utilization', 96.27)).toBe('96.3 %');
    expect(formatFigure('waitP95', 8200)).toBe('8.2 s');
    expect(formatFigure('pending', 1)).toBe('1 request');
    expect(formatFigure('pending', 1200)).toBe('1,200 requests');
    expect(formatFigure('certificateExpiry', 6.5)).toBe('6.5 days');
  });

  it('is nothing for a plain yes or no', () => {
    expect(formatFigure('unhealthy', 1)).toBe('');
  });
});

describe('a rule in words', () => {
  it('says what must be the case, and for how long', () => {
    expect(conditionWords(rule('pending'))).toBe('Requests waiting over 0 for 10 s');
    expect(conditionWords(rule('utilization'))).toBe('Utilization at least 80 % for 1 min');
    expect(conditionWords(rule('headroom-20'))).toBe('Server headroom under 20 %');
    expect(conditionWords(rule('unhealthy'))).toBe('Unhealthy');
    expect(conditionWords(rule('pooler-starved'))).toBe('Pooler: no server connection free for 5 s');
  });

  it('says when it is over', () => {
    expect(clearWords(rule('wait-p95'))).toBe('at 80 ms or less');
    expect(clearWords(rule('utilization'))).toBe('below 70 %');
    expect(clearWords(rule('headroom-20'))).toBe('at 25 % or more');
    expect(clearWords(rule('unhealthy'))).toBe('');
  });
});
