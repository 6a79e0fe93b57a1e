import { describe, expect, it } from 'vitest';
import type { Alert } from '#shared/model/alert.ts';
import { countsInWords, countsOf, isWanted, openAfter } from './alert-lists.ts';
import { withEnded } from './history-pages.ts';

const alert = (alertId: string, more: Partial<Alert> = {}): Alert => ({
  alertId,
  ruleId: 'utilization',
  ruleName: 'Utilization',
  kind: 'utilization',
  severity: 'warning',
  profileId: 'p',
  connectionName: 'Orders',
  state: 'firing',
  sentence: '',
  sinceMs: 1000,
  firedAtMs: 1000,
  acknowledgedAtMs: null,
  resolvedAtMs: null,
  ending: null,
  threshold: 80,
  value: 90,
  worstValue: 90,
  lastValue: 90,
  unknownSinceMs: null,
  causes: [],
  snoozedUntilMs: null,
  ...more,
});
const ids = (alerts: readonly Alert[]) => alerts.map(({ alertId }) => alertId);

describe('open alerts', () => {
  it('stand with the worst first: critical, then not seen yet, then the newest', () => {
    const alerts = [
      alert('old warning'),
      alert('seen critical', { severity: 'critical', state: 'acknowledged' }),
      alert('new warning', { firedAtMs: 2000 }),
      alert('critical', { severity: 'critical' }),
    ];
    expect(ids(openAfter([], alerts))).toEqual(['critical', 'seen critical', 'new warning', 'old warning']);
  });

  it('lose what is over and take in what changed', () => {
    const open = [alert('a'), alert('b')];
    const after = openAfter(open, [
      alert('a', { state: 'resolved' }),
      alert('b', { lastValue: 99 }),
      alert('c'),
    ]);
    expect(ids(after)).toEqual(['b', 'c']);
    expect(after[0]?.lastValue).toBe(99);
  });

  it('are counted as a badge needs them: a snoozed one counts as nothing else', () => {
    const counts = countsOf([
      alert('a', { severity: 'critical' }),
      alert('b'),
      alert('c', { state: 'acknowledged' }),
      alert('d', { severity: 'critical', snoozedUntilMs: 5000 }),
    ]);
    expect(counts).toEqual({ critical: 1, warning: 1, acknowledged: 1, snoozed: 1 });
    expect(countsInWords(counts)).toBe('1 critical, 1 warning, 1 acknowledged, 1 snoozed');
    expect(countsInWords({ critical: 0, warning: 2, acknowledged: 0, snoozed: 0 })).toBe('2 warnings');
  });

  it('can be filtered by connection and severity', () => {
    const one = alert('a', { severity: 'critical' });
    expect(isWanted(one, { profileId: null, severity: null })).toBe(true);
    expect(isWanted(one, { profileId: 'p', severity: 'critical' })).toBe(true);
    expect(isWanted(one, { profileId: 'other', severity: null })).toBe(false);
    expect(isWanted(one, { profileId: null, severity: 'warning' })).toBe(false);
  });
});

describe('the history on screen', () => {
  const over = (alertId: string, resolvedAtMs: number) => alert(alertId, { state: 'resolved', resolvedAtMs });
  const pages = { pages: [{ alerts: [over('a', 1000)], next: 'a' }], pageParams: [null] };
  const everything = { profileId: null, severity: null };

  it('takes in what ends while it is looked at, at its head', () => {
    const after = withEnded(pages, [over('b', 2000), alert('still open')], everything);
    expect(ids(after.pages[0]?.alerts ?? [])).toEqual(['b', 'a']);
    expect(after.pages[0]?.next).toBe('a');
  });

  it('takes in nothing twice, nor what the filter leaves out', () => {
    expect(withEnded(pages, [over('a', 1000)], everything)).toBe(pages);
    expect(withEnded(pages, [over('b', 2000)], { profileId: 'other', severity: null })).toBe(pages);
  });
});
