import type { ParsedConnectionUrl } from '#shared/model/connection-url.ts';
import { sameSetting, settingLabels } from '#shared/model/profile/labels.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { type FormValues, type UrlField, type UrlFilled, valuesOf } from './form-values.ts';

type Understood = Extract<ParsedConnectionUrl, { ok: true }>;

/**
 * The boxes after an address was understood. What the address before filled in and nobody edited
 * since goes back to `base` (the boxes without any address) first: its password, user or TLS must
 * not go along to another server. For the same reason a password in the boxes does not outlive a
 * change of host, port or user. What was typed otherwise stays where the address is silent, but for
 * the port and further hosts: an address without one means the default port, and no other host.
 */
export function applyUrl(values: FormValues, { draft, password }: Understood, base: FormValues): FormValues {
  const target = { port: profileDefaults.port, moreHosts: [], ...draft };
  const filled: UrlFilled = valuesOf(target);

  const next: FormValues = { ...values, ...takenBack(values, base), ...filled };
  if (next.name.trim() === '') filled.name = `${next.database} on ${next.host}`.slice(0, 80);
  const isOtherLogin = (['host', 'port', 'user', 'moreHosts'] as const).some(
    (field) => !sameSetting(next[field], values[field]),
  );
  if (password !== null) filled.password = password;
  else if (isOtherLogin) next.password = '';
  return { ...next, ...filled, filledByUrl: filled };
}

/** What the address before filled in and nobody edited since, as it stands in `base`. */
function takenBack(values: FormValues, base: FormValues): UrlFilled {
  const before = values.filledByUrl;
  const untouched = (Object.keys(before) as UrlField[]).filter((field) =>
    sameSetting(values[field], before[field]),
  );
  return Object.fromEntries(untouched.map((field) => [field, base[field]]));
}

/** "Application name" within a sentence: "application name". "TLS" stays as it is. */
const inSentence = (label: string): string =>
  label.replace(/ \(ms\)$/, '').replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());

/** One line on what the address filled in, what it changed, what it cleared and what it left aside. */
export function understoodLine(
  { draft, password, ignored, notes }: Understood,
  passwordCleared = false,
): string {
  const parts = Object.entries(settingLabels).flatMap(([key, label]) =>
    key in draft ? [inSentence(label)] : [],
  );
  if (password !== null) parts.push('password');
  const line = [`Filled in from the URL: ${parts.join(', ')}.`, ...notes];
  if (passwordCleared) line.push('The password that stood here was cleared: it was for another address.');
  if (ignored.length > 0) line.push(`Not used by Poolscope: ${ignored.join(', ')}.`);
  return line.join(' ');
}
