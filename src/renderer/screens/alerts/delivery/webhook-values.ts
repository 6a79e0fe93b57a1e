import {
  type AlertSettings,
  alertSettingsSchema,
  webhookSecretChangeSchema,
} from '#shared/contract/alerts.ts';
import type { RouteInput } from '#shared/contract/routes.ts';

/** As the form holds it. The secret is only ever written: empty leaves the one that is kept. */
export interface WebhookValues {
  enabled: boolean;
  url: string;
  sendResolved: boolean;
  secret: string;
  /** The secret kept is to go. */
  clearsSecret: boolean;
}

export interface WebhookErrors {
  url?: string;
  secret?: string;
}

type Change = RouteInput<'alerts.setSettings'>;

export const webhookValuesOf = ({ webhook }: AlertSettings): WebhookValues => ({
  ...webhook,
  secret: '',
  clearsSecret: false,
});

function secretChange({ secret, clearsSecret }: WebhookValues): Change['webhookSecret'] {
  if (secret !== '') return { kind: 'set', value: secret };
  return { kind: clearsSecret ? 'clear' : 'keep' };
}

/** What to send to be saved, or a sentence for each field that cannot be. */
export function checkedWebhook(
  values: WebhookValues,
  settings: AlertSettings,
): { change: Change } | { errors: WebhookErrors } {
  const { enabled, url, sendResolved } = values;
  const errors: WebhookErrors = {};
  const parsed = alertSettingsSchema.safeParse({ ...settings, webhook: { enabled, url, sendResolved } });
  const urlIssue = parsed.error?.issues.find(({ path }) => path.at(-1) === 'url');
  if (urlIssue !== undefined) errors.url = urlIssue.message;
  const secret = webhookSecretChangeSchema.safeParse(secretChange(values));
  if (!secret.success) errors.secret = secret.error.issues[0]?.message ?? 'The signing secret is malformed.';
  if (!parsed.success || !secret.success) return { errors };
  return { change: { settings: parsed.data, webhookSecret: secret.data } };
}
