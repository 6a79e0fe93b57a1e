import type { Sessions } from '#engine/sessions/index.ts';
import type { AlertSettingsView, alertsRoutes } from '#shared/contract/alerts.ts';
import type { AppNotice } from '#shared/contract/app.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import type { EnginePorts, Vault } from '../ports.ts';
import { Alarms } from './alarms.ts';
import { Notifier } from './delivery/notifier.ts';
import { Webhook } from './delivery/webhook.ts';
import { alertHandlers } from './handlers.ts';
import type { PoolExtras } from './live-input.ts';
import { Lookout } from './lookout.ts';
import type { Recorded } from './replay/test-rule.ts';
import { AlertLog } from './store/alert-log.ts';
import { RuleBook } from './store/rule-book.ts';
import { SettingsStore } from './store/settings-store.ts';
import { Watchtower } from './watchtower.ts';

export interface AlertsDeps {
  events: EventBus;
  clock: Clock;
  log: Logger;
  dataFolder: string;
  version: string;
  vault: Vault;
  notify(level: AppNotice['level'], message: string): void;
  /** Absent where the page shows notifications. */
  notifications: EnginePorts['notifications'];
  listProfiles(): (ProfileDraft & { profileId: string })[];
  /** @throws EngineError `not_found` */
  getProfile(profileId: string): ProfileDraft;
  /** Of an open pool of a database; else null. */
  poolOf(profileId: string): PoolExtras | null;
  sessions: Pick<Sessions, 'latest' | 'read' | 'onReading'>;
  sessionsInBackground(): boolean;
  /** The past, for testing rules on it. */
  recorded: Recorded;
  record(event: HistoryEvent): void;
}

export interface Alerts {
  handlers: Handlers<typeof alertsRoutes>;
  /** Ends what is open, and writes what waits to be written. */
  close(): Promise<void>;
}

/** Watches all open connections by the user's rules, and tells of what they find. */
export async function createAlerts(deps: AlertsDeps): Promise<Alerts> {
  const { events, clock, getProfile } = deps;
  const { dataFolder, notify, log, vault } = deps;
  const fileDeps = { dataFolder, notify, log, clock };
  const alertLog = new AlertLog(fileDeps);
  const settings = new SettingsStore({ ...fileDeps, vault });
  const book = new RuleBook(fileDeps, (rules) => {
    for (const { profileId, rule } of tower.setRules(rules)) {
      alarms.endAll({ profileId, ruleId: rule.ruleId }, 'ruleChanged');
    }
    events.emit('alerts.rulesChanged', rules);
  });
  await Promise.all([alertLog.load(), settings.load(), book.load()]);

  const nameOf = (profileId: string) =>
    deps.listProfiles().find((profile) => profile.profileId === profileId)?.name ?? profileId;

  const settingsView = (): AlertSettingsView => ({
    settings: settings.settings,
    shownBy: deps.notifications?.isSupported() ? 'shell' : 'page',
    hasWebhookSecret: settings.hasSecret,
    webhookWaiting: webhook.waiting,
    lastDelivery: webhook.lastDelivery,
  });
  const webhook: Webhook = new Webhook({
    clock,
    log,
    version: deps.version,
    settings: () => settings.settings.webhook,
    secret: () => settings.secret(),
    onChanged: () => events.emit('alerts.settingsChanged', settingsView()),
  });
  const notifier = new Notifier({
    settings: () => settings.settings,
    desktop: deps.notifications ?? null,
    current: (alertId) => alertLog.get(alertId),
    isNews: (alertId) => {
      const alert = alertLog.get(alertId);
      return alert?.state === 'firing' && alertLog.snoozedUntilMs(alert, clock.nowMs()) === null;
    },
    show: (notification) => events.emit('alerts.notification', notification),
    onClick: (alertId) => events.emit('alerts.opened', { alertId }),
  });

  const tower: Watchtower = new Watchtower({
    events,
    clock,
    extrasOf: deps.poolOf,
    healthIntervalMsOf: (profileId) => {
      const profile = deps.listProfiles().find((other) => other.profileId === profileId);
      return profile?.healthIntervalMs ?? 0;
    },
    onTransitions: (profileId, transitions, seen) => alarms.heard(profileId, transitions, seen),
    onClosed: (profileId) => alarms.endAll({ profileId }, 'connectionClosed'),
    onTick() {
      snoozes.look();
      alarms.tell();
    },
  });
  tower.setRules(book.list());
  const lookout = new Lookout({ clock, tower, sessions: deps.sessions, poolOf: deps.poolOf, getProfile });
  const alarms: Alarms = new Alarms({
    clock,
    log: alertLog,
    notifier,
    webhook,
    nameOf,
    seenOf: (profileId) => lookout.seen(profileId),
    lookCloser: (profileId) => lookout.lookCloser(profileId),
    lastErrorOf: (profileId) => {
      const health = tower.input.statusOf(profileId)?.health;
      return health !== undefined && health.consecutiveFailures > 0 ? health.lastError?.message : undefined;
    },
    record: deps.record,
    onChanged: (change) => events.emit('alerts.changed', change),
  });

  const stopHearing = deps.sessions.onReading((_reading, profileIds) => {
    for (const profileId of profileIds) alarms.sessionsRead(profileId);
  });

  /** Tells of snoozes as they begin and end. */
  const snoozes = {
    known: alertLog.snoozes(clock.nowMs()).length,
    changed() {
      const list = alertLog.snoozes(clock.nowMs());
      snoozes.known = list.length;
      alarms.touchOpen();
      alarms.tell();
      events.emit('alerts.snoozesChanged', list);
    },
    look() {
      if (alertLog.snoozes(clock.nowMs()).length !== snoozes.known) snoozes.changed();
    },
  };

  return {
    handlers: alertHandlers({
      ...{ deps, alertLog, settings, book, webhook, notifier, tower, alarms, settingsView },
      onSnoozesChanged: () => snoozes.changed(),
    }),
    async close() {
      tower.close();
      stopHearing();
      alarms.close();
      notifier.close();
      await Promise.all([webhook.close(), alertLog.close()]);
    },
  };
}
