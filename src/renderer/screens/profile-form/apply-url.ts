import type { ParsedConnectionUrl } from '#shared/model/connection-url.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { type FormValues, type UrlFilled, urlFields } from './form-values.ts';

type Understood = Extract<ParsedConnectionUrl, { ok: true }>;

/**
 * The boxes after an address was understood. What the address before filled in and nobody edited
 * since goes back to `base` (the boxes without any address) first: its password, user or TLS must
 * not go along to another server. For the same reason a password in the boxes does not outlive a
 * change of host, port or user. What was typed otherwise stays where the address is silent, but for
 * the port: an address without one means the default port, not the port of the target before.
 */
export function applyUrl(values: FormValues, { draft, password }: Understood, base: FormValues): FormValues {
  const filled: UrlFilled = { port: String(draft.port ?? profileDefaults.port) };
  if (draft.host !== undefined) filled.host = draft.host;
  if (draft.database !== undefined) filled.database = draft.database;
  if (draft.user !== undefined) filled.user = draft.user;
  if (draft.applicationName !== undefined) filled.applicationName = draft.applicationName;
  if (draft.tlsMode !== undefined) filled.tlsMode = draft.tlsMode;
  if (draft.waitTimeoutMs !== undefined) filled.waitTimeoutMs = String(draft.waitTimeoutMs);

  const next: FormValues = { ...values, ...takenBack(values, base), ...filled };
  if (next.name.trim() === '') filled.name = `${next.database} on ${next.host}`.slice(0, 80);
  const isOtherLogin = (['host', 'port', 'user'] as const).some((field) => next[field] !== values[field]);
  if (password !== null) filled.password = password;
  else if (isOtherLogin) next.password = '';
  return { ...next, ...filled, filledByUrl: filled };
}

/** What the address before filled in and nobody edited since, as it stands in `base`. */
function takenBack(values: FormValues, base: FormValues): UrlFilled {
  const before = values.filledByUrl;
  const untouched = urlFields.filter(
    (field) => before[field] !== undefined && values[field] === before[field],
  );
  return Object.fromEntries(untouched.map((field) => [field, base[field]]));
}

const partNames = {
  host: 'host',
  port: 'port',
  database: 'database',
  user: 'user',
  tlsMode: 'TLS',
  applicationName: 'application name',
  waitTimeoutMs: 'wait timeout',
} as const;

/** One line on what the address filled in, what it changed, what it cleared and what it left aside. */
export function understoodLine(
  { draft, password, ignored, notes }: Understood,
  passwordCleared = false,
): string {
  const parts: string[] = Object.entries(partNames).flatMap(([key, name]) => (key in draft ? [name] : []));
  if (password !== null) parts.push('password');
  const line = [`Filled in from the URL: ${parts.join(', ')}.`, ...notes];
  if (passwordCleared) line.push('The password that stood here was cleared: it was for another address.');
  if (ignored.length > 0) line.push(`Not used by Poolscope: ${ignored.join(', ')}.`);
  return line.join(' ');
}
