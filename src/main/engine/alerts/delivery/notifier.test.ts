import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AlertNotification,
  type AlertSettings,
  alertSettingsDefaults,
} from '#shared/contract/alerts.ts';
import { alertOf } from '../../../../../tests/support/alerts.ts';
import type { StoredAlert } from '../store/schemas.ts';
import { Notifier } from './notifier.ts';

const shown: AlertNotification[] = [];
const badges: number[] = [];
const alerts = new Map<string, StoredAlert>();
const over = new Set<string>();
let settings: AlertSettings;
let click: () => void;
const opened: string[] = [];
let notifier: Notifier;

function start(hasDesktop: boolean) {
  notifier = new Notifier({
    settings: () => settings,
    desktop: hasDesktop
      ? {
          isSupported: () => true,
          show: (_words, onClick) => {
            click = onClick;
          },
          setBadge: (count) => badges.push(count),
        }
      : null,
    isNews: (alertId) => !over.has(alertId),
    current: (alertId) => alerts.get(alertId) ?? null,
    show: (notification) => shown.push(notification),
    onClick: (alertId) => opened.push(alertId),
  });
}
beforeEach(() => {
  vi.useFakeTimers();
  settings = alertSettingsDefaults;
  for (const list of [shown, badges, opened]) list.length = 0;
  alerts.clear();
  over.clear();
  start(false);
});
afterEach(() => {
  notifier.close();
  vi.useRealTimers();
});

function fire(changes: Partial<StoredAlert> = {}): string {
  const alert = alertOf(changes);
  alerts.set(alert.alertId, alert);
  notifier.tell(alert);
  return alert.alertId;
}

describe('notifications', () => {
  it('tell of one alert in its own words, with what speaks for its likeliest cause', () => {
    const causes = [
      {
        causeId: 'blocker',
        cause: '',
        remedy: '',
        evidence: 'pid 7 (psql) holds up 4 sessions.',
        session: null,
      },
    ];
    const alertId = fire({ causes });
    vi.advanceTimersByTime(2000);
    expect(shown).toEqual([
      {
        notificationId: expect.any(String),
        title: 'shop: Requests waiting',
        body: '12 requests wait for a connection.\npid 7 (psql) holds up 4 sessions.',
        severity: 'warning',
        sound: false,
        alertIds: [alertId],
        shownByShell: false,
      },
    ]);
  });

  it('are no storm: what fires together is told together, and then nothing for half a minute', () => {
    for (let at = 0; at < 5; at += 1) fire({ profileId: `p${at % 3}` });
    fire({ severity: 'critical', connectionName: 'billing', ruleName: 'Unhealthy', profileId: 'p9' });
    vi.advanceTimersByTime(2000);
    expect(shown).toMatchObject([{ title: '6 alerts on 4 connections', severity: 'critical' }]);
    expect(shown[0]?.body.split('\n')).toEqual([
      'billing: Unhealthy',
      'shop: Requests waiting',
      'shop: Requests waiting',
      'and 3 more',
    ]);
    for (let at = 0; at < 1000; at += 1) fire();
    vi.advanceTimersByTime(28_000);
    expect(shown).toHaveLength(1);
    vi.advanceTimersByTime(3000);
    expect(shown).toHaveLength(2);
    expect(shown[1]?.title).toBe('1,000 alerts on 1 connection');
  });

  it('leave out what is over, acknowledged or snoozed by the time they are shown', () => {
    over.add(fire());
    vi.advanceTimersByTime(60_000);
    expect(shown).toEqual([]);
  });

  it('follow the settings: off, only what is critical, with a sound', () => {
    settings = { ...settings, notifications: false };
    fire();
    settings = { ...settings, notifications: true, notifyFrom: 'critical', sound: true };
    fire();
    const critical = fire({ severity: 'critical' });
    vi.advanceTimersByTime(2000);
    expect(shown).toMatchObject([{ alertIds: [critical], sound: true }]);
  });

  it('are shown by the desktop where there is one, and a click leads to the alert', () => {
    start(true);
    const alertId = fire();
    vi.advanceTimersByTime(2000);
    expect(shown).toMatchObject([{ shownByShell: true }]);
    click();
    expect(opened).toEqual([alertId]);
  });

  it('put the count on the icon, and take it away when that is switched off and at the end', () => {
    start(true);
    notifier.badge(3);
    notifier.badge(3);
    settings = { ...settings, badge: false };
    notifier.badge(3);
    settings = { ...settings, badge: true };
    notifier.badge(2);
    notifier.close();
    expect(badges).toEqual([3, 0, 2, 0]);
  });
});
