import type { AlertPage, AlertSettingsView, alertsRoutes } from '#shared/contract/alerts.ts';
import type { Handlers } from '#shared/contract/define.ts';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import type { Alarms } from './alarms.ts';
import type { AlertsDeps } from './alerts.ts';
import type { Notifier } from './delivery/notifier.ts';
import type { Webhook } from './delivery/webhook.ts';
import { testRule } from './replay/test-rule.ts';
import { ruleWarnings } from './rule-warnings.ts';
import { standingsOf } from './standing.ts';
import type { AlertLog } from './store/alert-log.ts';
import type { RuleBook } from './store/rule-book.ts';
import type { StoredAlert } from './store/schemas.ts';
import type { SettingsStore } from './store/settings-store.ts';
import type { Watchtower } from './watchtower.ts';

interface Parts {
  deps: AlertsDeps;
  alertLog: AlertLog;
  settings: SettingsStore;
  book: RuleBook;
  webhook: Webhook;
  notifier: Notifier;
  tower: Watchtower;
  alarms: Alarms;
  settingsView(): AlertSettingsView;
  onSnoozesChanged(): void;
}

const gone = () =>
  new EngineError('not_found', 'That alert is kept no longer.', {
    remedy: 'Its connection’s charts may still show the time.',
  });

/** Answers the calls of the alerts' part of the contract. */
export function alertHandlers(parts: Parts): Handlers<typeof alertsRoutes> {
  const { deps, alertLog, settings, book, webhook, notifier, tower, alarms, settingsView } = parts;
  const { clock, events } = deps;

  const page = (
    which: 'open' | 'history',
    { profileId, limit, before }: { profileId: string | null; limit: number; before: string | null },
  ): AlertPage => {
    const alerts = which === 'open' ? alertLog.listOpen() : alertLog.listOver();
    const wanted = profileId === null ? alerts : alerts.filter((alert) => alert.profileId === profileId);
    const place = wanted.findIndex(({ alertId }) => alertId === before);
    // One that is over and gone was the oldest of all. One that was open has ended: the list begins anew.
    if (before !== null && place < 0 && which === 'history') return { alerts: [], next: null };
    const from = place + 1;
    const shown = wanted.slice(from, from + limit);
    const last = shown.at(-1);
    return {
      alerts: shown.map((alert) => alarms.view(alert)),
      next: last !== undefined && from + limit < wanted.length ? last.alertId : null,
    };
  };

  const changeOpen = (alertIds: readonly string[], changes: (alert: StoredAlert) => Partial<StoredAlert>) => {
    const changed = alertIds.flatMap((alertId) => {
      const alert = alertLog.get(alertId);
      return alert === null || alert.state === 'resolved' ? [] : alarms.change(alert, changes(alert));
    });
    alarms.tell();
    return changed;
  };

  return {
    'alerts.rules': () => book.list(),
    async 'alerts.saveRule'({ rule }) {
      await book.save(rule);
      const connections = deps.listProfiles().map((profile) => ({
        ...profile,
        target: tower.input.statusOf(profile.profileId)?.target ?? null,
      }));
      return { rule, warnings: ruleWarnings(rule, connections, { background: deps.sessionsInBackground() }) };
    },
    'alerts.deleteRule': ({ ruleId }) => book.delete(ruleId),
    async 'alerts.resetRules'() {
      const replaced = await book.replace(defaultAlertRules);
      return { rules: book.list(), replaced };
    },
    async 'alerts.replaceRules'({ rules }) {
      await book.replace(rules);
      return book.list();
    },
    'alerts.standings': ({ profileId }) =>
      tower
        .watches()
        .filter((watch) => profileId === null || watch.profileId === profileId)
        .flatMap((watch) => standingsOf(watch, tower.input.targetOf(watch.profileId), clock.nowMs())),

    'alerts.list': ({ which, ...query }) => page(which, query),
    'alerts.counts': () => alertLog.counts(clock.nowMs()),
    'alerts.get': ({ alertId }) => {
      const alert = alertLog.get(alertId);
      if (alert === null) throw gone();
      return alarms.view(alert);
    },
    'alerts.acknowledge': ({ alertIds }) =>
      changeOpen(alertIds, ({ acknowledgedAtMs }) => ({
        state: 'acknowledged',
        acknowledgedAtMs: acknowledgedAtMs ?? clock.nowMs(),
      })),
    'alerts.unacknowledge': ({ alertIds }) =>
      changeOpen(alertIds, () => ({ state: 'firing', acknowledgedAtMs: null })),
    'alerts.snooze': ({ ruleId, profileId, durationMs }) => {
      const nowMs = clock.nowMs();
      const snooze = alertLog.snooze({ ruleId, profileId, untilMs: nowMs + durationMs }, nowMs);
      parts.onSnoozesChanged();
      return snooze;
    },
    'alerts.unsnooze': ({ snoozeId }) => {
      alertLog.unsnooze(snoozeId);
      parts.onSnoozesChanged();
      return { snoozeId };
    },
    'alerts.snoozes': () => alertLog.snoozes(clock.nowMs()),

    async 'alerts.testRule'({ testId, rule, fromMs, toMs }, { signal }) {
      try {
        return await testRule({
          rule,
          profileIds: deps.listProfiles().map(({ profileId }) => profileId),
          range: { fromMs, toMs },
          source: deps.recorded,
          onProgress: (done) => events.emit('alerts.testProgress', { testId, done }),
          signal,
        });
      } catch (error) {
        throwIfCancelled(signal);
        throw error;
      }
    },

    'alerts.settings': () => settingsView(),
    async 'alerts.setSettings'({ settings: wanted, webhookSecret }) {
      await settings.save(wanted, webhookSecret);
      const { critical, warning } = alertLog.counts(clock.nowMs());
      notifier.badge(critical + warning);
      const view = settingsView();
      events.emit('alerts.settingsChanged', view);
      return view;
    },
    'alerts.testNotification': () => notifier.test(),
    'alerts.testWebhook': ({ url }, { signal }) => webhook.test(url, signal),
  };
}
