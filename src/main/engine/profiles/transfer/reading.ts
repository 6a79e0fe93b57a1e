import type { ImportedProfile } from '#shared/contract/profile-transfer.ts';
import { type ProfileDraft, profileDefaults, profileDraftSchema } from '#shared/model/profile.ts';
import { EngineError } from '../../base/errors.ts';

/** What text says of one connection, as far as it was understood. */
export interface Reading {
  /** A name for it, when the text has one. */
  name: string | null;
  draft: Partial<ProfileDraft>;
  password: string | null;
  keyPassphrase: string | null;
  understood: ImportedProfile['understood'];
  notUnderstood: ImportedProfile['notUnderstood'];
  problems: string[];
}

/** What a whole text says. */
export interface ImportReading {
  readings: Reading[];
  notUnderstood: ImportedProfile['notUnderstood'];
}

export const hiddenSecret = '••••';

export const emptyReading = (name: string | null = null): Reading => ({
  ...{ name, draft: {}, password: null, keyPassphrase: null },
  ...{ understood: [], notUnderstood: [], problems: [] },
});

/** Words for the settings that an import can carry. */
const labels: Partial<Record<keyof ProfileDraft, string>> = {
  host: 'Host',
  port: 'Port',
  moreHosts: 'Further hosts',
  targetSessionAttrs: 'Session attributes',
  database: 'Database',
  user: 'User',
  applicationName: 'Application name',
  tlsMode: 'TLS',
  tlsNegotiation: 'TLS negotiation',
  tlsCaFile: 'CA file',
  tlsCertFile: 'Client certificate file',
  tlsKeyFile: 'Client key file',
  min: 'Minimum size',
  max: 'Maximum size',
  maxUses: 'Maximum uses',
  idleTimeoutMs: 'Idle timeout',
  waitTimeoutMs: 'Wait timeout',
  connectTimeoutMs: 'Connect timeout',
  queryTimeoutMs: 'Query timeout',
  statementTimeoutMs: 'Statement timeout',
  lockTimeoutMs: 'Lock timeout',
  idleInTransactionTimeoutMs: 'Idle in transaction timeout',
  keepAlive: 'TCP keepalive',
  keepAliveDelayMs: 'TCP keepalive delay',
  timeZone: 'Time zone',
  searchPath: 'Search path',
  role: 'Role',
  parameters: 'Session parameters',
};

function shown(field: keyof ProfileDraft, value: unknown): string {
  if (Array.isArray(value))
    return value
      .map((entry) => Object.values(entry as object).join(field === 'moreHosts' ? ':' : ' = '))
      .join(', ');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return field.endsWith('Ms') ? `${value} ms` : String(value);
}

/** Takes settings over, and says so. @param from as it stood in the text, secrets hidden */
export function take(reading: Reading, from: string, settings: Partial<ProfileDraft>): void {
  Object.assign(reading.draft, settings);
  const to = Object.entries(settings).map(
    ([field, value]) =>
      `${labels[field as keyof ProfileDraft] ?? field} ${shown(field as keyof ProfileDraft, value)}`,
  );
  reading.understood.push({ from, to: to.join(', ') });
}

/** Takes a secret over without showing it. */
export function takeSecret(
  reading: Reading,
  from: string,
  which: 'password' | 'keyPassphrase',
  value: string,
): void {
  if (value === '') return;
  reading[which] = value;
  const to = which === 'password' ? 'Password' : 'Passphrase of the client key';
  reading.understood.push({ from: `${from}=${hiddenSecret}`, to: `${to} ${hiddenSecret}` });
}

export const ignore = (reading: Reading, from: string, why: string): void =>
  void reading.notUnderstood.push({ from, why });

/**
 * The whole profile: what was read over the defaults, or over the profile it replaces, and every reason
 * why it cannot be taken.
 */
export function completed(
  reading: Reading,
  base: ProfileDraft = profileDefaults,
): { draft: ProfileDraft; problems: string[] } {
  const { draft } = reading;
  // Whoever names a host names all of them.
  const hosts = draft.host === undefined ? {} : { moreHosts: [] };
  const merged: ProfileDraft = { ...base, ...hosts, ...draft, name: '' };
  if (draft.database === undefined && draft.user !== undefined) merged.database = draft.user;
  merged.name = (draft.name ?? reading.name ?? `${merged.database} on ${merged.host}`).slice(0, 80);
  const checked = profileDraftSchema.safeParse(merged);
  if (checked.success) return { draft: checked.data, problems: reading.problems };
  return {
    draft: merged,
    problems: [...reading.problems, ...checked.error.issues.map(({ message }) => message)],
  };
}

/** Text that cannot be read at all: one sentence, with where. */
export function unreadable(
  message: string,
  remedy = 'Mend it and try again; nothing was imported.',
): EngineError {
  return new EngineError('bad_input', message, { remedy, fields: { text: message } });
}

/** A name from a text, cut to what a sentence may hold. */
export const quotedName = (name: string): string => `"${name.length > 40 ? `${name.slice(0, 40)}…` : name}"`;
