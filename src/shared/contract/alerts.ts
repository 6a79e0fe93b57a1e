import * as z from 'zod/mini';
import type { Alert, AlertCounts, RuleStanding, RuleTest, Snooze } from '../model/alert.ts';
import { type AlertRule, alertRuleSchema, alertSeverities, ruleIdSchema } from '../model/alert-rule.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/** Alerts, a page of them. */
export interface AlertPage {
  alerts: Alert[];
  /** Hand it back as `before` for the next page; null when there is none. */
  next: string | null;
}

/** Which alerts changed, as they are now, and how many are open. Events of at most twice a second. */
export interface AlertsChange {
  alerts: Alert[];
  counts: AlertCounts;
}

/** `warnings`: what may keep a valid rule from doing what is meant, one sentence each. */
export interface SavedRule {
  rule: AlertRule;
  warnings: string[];
}

/** Rules after a reset, and those that it replaced: hand them to `alerts.replaceRules` to undo. */
export interface RulesReset {
  rules: AlertRule[];
  replaced: AlertRule[];
}

/** How far a test on the past is, addressed by the caller's own id. */
export interface RuleTestProgress {
  testId: string;
  /** 0 to 1. */
  done: number;
}

/**
 * Something to show outside of the screen, already grouped and limited: show each as it comes.
 * `shownByShell`: the desktop shows it already, and the page must not.
 */
export interface AlertNotification {
  /** As the tag of a browser's notification it keeps two windows from showing the same one twice. */
  notificationId: string;
  title: string;
  body: string;
  severity: AlertRule['severity'];
  /** Whether it may make a sound. */
  sound: boolean;
  /** The alerts it speaks of; the first is the one to open. */
  alertIds: string[];
  shownByShell: boolean;
}

/** How the last delivery to the webhook went. */
export interface WebhookDelivery {
  atMs: number;
  outcome: 'delivered' | 'failed' | 'retrying';
  /** HTTP status of the last answer; null when there was none. */
  status: number | null;
  attempts: number;
  tookMs: number;
  /** Null when delivered. */
  error: ErrorPayload | null;
}

const webhookUrl = z.string({ error: 'The address must be text.' }).check(
  z.trim(),
  z.maxLength(2000, { error: 'The address can be at most 2,000 characters long.' }),
  z.refine((text) => text === '' || webhookUrlProblem(text) === null, {
    error: ({ input }) => webhookUrlProblem(String(input)) ?? 'The address is malformed.',
  }),
);

/** Why nothing can be sent there, one sentence; null when it can. */
export function webhookUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'The address must be a whole URL, as in https://example.com/hook.';
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') {
    return 'The address must not hold a user or password: it is shown on screen. Use the signing secret instead.';
  }
  if (protocol === 'https:') return null;
  if (protocol !== 'http:') return 'The address must begin with https:// (http:// only for this computer).';
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return isLoopback
    ? null
    : 'Plain http:// is only for this computer (localhost, 127.0.0.1); use https:// for others.';
}

export const alertSettingsSchema = z.object({
  /** Desktop notifications: by the operating system in the desktop app, by the browser in the web one. */
  notifications: z.boolean(),
  /** The least severity that is notified of. */
  notifyFrom: z.enum(alertSeverities),
  sound: z.boolean(),
  /** The count of firing alerts on the app's icon, or in the page's title. */
  badge: z.boolean(),
  webhook: z
    .object({
      enabled: z.boolean(),
      /** Loopback http or any https; empty while there is none. */
      url: webhookUrl,
      /** Whether it also hears that an alert is over. */
      sendResolved: z.boolean(),
    })
    .check(
      z.refine((webhook) => !webhook.enabled || webhook.url !== '', {
        path: ['url'],
        error: 'Enter the address to send alerts to.',
      }),
    ),
});
export type AlertSettings = z.output<typeof alertSettingsSchema>;

export const alertSettingsDefaults: AlertSettings = {
  notifications: true,
  notifyFrom: 'warning',
  sound: false,
  badge: true,
  webhook: { enabled: false, url: '', sendResolved: true },
};

/** The settings with what the screen needs to know beside them. The secret itself never comes here. */
export interface AlertSettingsView {
  settings: AlertSettings;
  /** `shell`: the operating system shows notifications. `page`: the page does, on `alerts.notification`. */
  shownBy: 'shell' | 'page';
  hasWebhookSecret: boolean;
  /** Deliveries that wait, the one under way included. */
  webhookWaiting: number;
  /** Null before the first since the start. */
  lastDelivery: WebhookDelivery | null;
}

/** What to do with the secret that signs deliveries (HMAC-SHA256 of the body). */
export const webhookSecretChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('clear') }),
  z.object({
    kind: z.literal('set'),
    value: z
      .string()
      .check(
        z.minLength(16, { error: 'The signing secret must be at least 16 characters long.' }),
        z.maxLength(256, { error: 'The signing secret can be at most 256 characters long.' }),
      ),
  }),
]);

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));
const dayMs = 24 * 60 * 60 * 1000;
const alertId = z.string().check(z.regex(/^[\w-]{1,64}$/, { error: 'The id is malformed.' }));
const byAlerts = z.object({ alertIds: z.array(alertId).check(z.minLength(1), z.maxLength(2000)) });
const byRule = z.object({ ruleId: ruleIdSchema });
const rules = z.array(alertRuleSchema).check(z.maxLength(500, { error: 'There can be at most 500 rules.' }));

/** Longest range that a rule is tested on. */
export const maxTestedMs = 31 * dayMs;

export const alertsRoutes = {
  /** In a steady order: by kind, then severity, then name. */
  'alerts.rules': route<AlertRule[]>()(z.object({})),
  /**
   * Adds a rule, or replaces the one of that id; a deletion is undone by saving again what it
   * answered. `bad_input` for one that could never fire, always would, or could never resolve
   * (`ruleProblems` says it ahead). A change to the condition ends the rule's open alerts.
   */
  'alerts.saveRule': route<SavedRule>()(z.object({ rule: alertRuleSchema })),
  /** Answers with what was deleted, for Undo. `not_found`. */
  'alerts.deleteRule': route<AlertRule>()(byRule),
  /** Back to the rules of a new installation; others go. */
  'alerts.resetRules': route<RulesReset>()(z.object({})),
  /** Puts these rules in place of all others: undoes a reset. */
  'alerts.replaceRules': route<AlertRule[]>()(z.object({ rules })),
  /** How every rule that is switched on stands for the open connections in its scope (one, or all for null). */
  'alerts.standings': route<RuleStanding[]>()(z.object({ profileId: z.nullable(profileIdSchema) })),

  /**
   * `open`: firing and acknowledged, worst first (critical, firing, newest). `history`: those that
   * ended, newest first. About the last 2,000 alerts are kept.
   */
  'alerts.list': route<AlertPage>()(
    z.object({
      which: z.enum(['open', 'history']),
      /** Null for all connections. */
      profileId: z.nullable(profileIdSchema),
      limit: z.int().check(z.gte(1), z.lte(200)),
      /** `next` of the page before; null for the first. */
      before: z.nullable(alertId),
    }),
  ),
  'alerts.counts': route<AlertCounts>()(z.object({})),
  /** `not_found` when it is kept no longer. */
  'alerts.get': route<Alert>()(z.object({ alertId })),
  /** Someone has seen them. Those that are over, or gone, are left out of the answer. */
  'alerts.acknowledge': route<Alert[]>()(byAlerts),
  /** Undoes that, for those still open. */
  'alerts.unacknowledge': route<Alert[]>()(byAlerts),
  /**
   * Nothing is told (notification, badge, webhook) of alerts of that rule, that connection, that rule
   * for that connection (one alert), or, with both null, of any, until it is over. Replaces a snooze
   * of the same things.
   */
  'alerts.snooze': route<Snooze>()(
    z.object({
      ruleId: z.nullable(ruleIdSchema),
      profileId: z.nullable(profileIdSchema),
      durationMs: z
        .int()
        .check(
          z.gte(60_000, { error: 'Snooze for at least a minute.' }),
          z.lte(31 * dayMs, { error: 'Snooze for at most 31 days.' }),
        ),
    }),
  ),
  /** Unknown ids are ignored. */
  'alerts.unsnooze': route<{ snoozeId: string }>()(z.object({ snoozeId: alertId })),
  /** Those that last still, soonest to end first. */
  'alerts.snoozes': route<Snooze[]>()(z.object({})),

  /**
   * What a rule, saved or not, would have done on recorded history. Progress as
   * `alerts.testProgress`; cancel the request to stop it.
   */
  'alerts.testRule': route<RuleTest>()(
    z.object({ testId: alertId, rule: alertRuleSchema, fromMs: timeMs, toMs: timeMs }).check(
      z.refine((range) => range.fromMs < range.toMs, {
        path: ['toMs'],
        error: 'The range must end after it starts.',
      }),
      z.refine((range) => range.toMs - range.fromMs <= maxTestedMs, {
        path: ['fromMs'],
        error: 'Test a rule on at most 31 days.',
      }),
    ),
  ),

  'alerts.settings': route<AlertSettingsView>()(z.object({})),
  /** Takes effect at once. `vault_failed` when the secret cannot be kept; nothing is changed then. */
  'alerts.setSettings': route<AlertSettingsView>()(
    z.object({ settings: alertSettingsSchema, webhookSecret: webhookSecretChangeSchema }),
  ),
  /** Sends one as a real alert would, ahead of the limits. Comes as `alerts.notification` as well. */
  'alerts.testNotification': route<AlertNotification>()(z.object({})),
  /** Sends one delivery, without retries, to an address that need not be saved, signed with the saved secret. */
  'alerts.testWebhook': route<WebhookDelivery>()(
    z.object({ url: webhookUrl.check(z.minLength(1, { error: 'Enter the address to send alerts to.' })) }),
  ),
};
