import type { ParsedConnectionUrl } from '#shared/model/connection-url.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import type { FormValues } from './form-values.ts';

type Understood = Extract<ParsedConnectionUrl, { ok: true }>;

/**
 * The boxes after an address was understood. A part it does not name stays as it was, but for the
 * port: an address without one means the default port, not the port of the target before.
 */
export function applyUrl(values: FormValues, { draft, password }: Understood): FormValues {
  const next: FormValues = { ...values, port: String(draft.port ?? profileDefaults.port) };
  if (draft.host !== undefined) next.host = draft.host;
  if (draft.database !== undefined) next.database = draft.database;
  if (draft.user !== undefined) next.user = draft.user;
  if (draft.applicationName !== undefined) next.applicationName = draft.applicationName;
  if (draft.tlsMode !== undefined) next.tlsMode = draft.tlsMode;
  if (draft.waitTimeoutMs !== undefined) next.waitTimeoutMs = String(draft.waitTimeoutMs);
  if (password !== null) next.password = password;
  if (next.name.trim() === '') next.name = `${next.database} on ${next.host}`.slice(0, 80);
  return next;
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

/** One line on what the address filled in, what it changed and what it left aside. */
export function understoodLine({ draft, password, ignored, notes }: Understood): string {
  const parts: string[] = Object.entries(partNames).flatMap(([key, name]) => (key in draft ? [name] : []));
  if (password !== null) parts.push('password');
  const line = [`Filled in from the URL: ${parts.join(', ')}.`, ...notes];
  if (ignored.length > 0) line.push(`Not used by Poolscope: ${ignored.join(', ')}.`);
  return line.join(' ');
}
