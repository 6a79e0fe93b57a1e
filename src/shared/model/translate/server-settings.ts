import type { ProfileDraft } from '../profile.ts';
import type { Reader } from './reader.ts';
import type { Settings } from './translation.ts';

/** A setting of PostgreSQL itself, as `SET` and a startup packet know it. */
export interface ServerSetting {
  name: string;
  value: string;
}

const timeouts = {
  statement_timeout: 'statementTimeoutMs',
  lock_timeout: 'lockTimeoutMs',
  idle_in_transaction_session_timeout: 'idleInTransactionTimeoutMs',
} as const;
const texts = { timezone: 'timeZone', search_path: 'searchPath', role: 'role' } as const;

export function serverSettings(draft: ProfileDraft): ServerSetting[] {
  const settings: ServerSetting[] = [];
  for (const [name, field] of Object.entries(timeouts))
    if (draft[field] > 0) settings.push({ name, value: String(draft[field]) });
  for (const [name, field] of Object.entries(texts))
    if (draft[field] !== '') settings.push({ name, value: draft[field] });
  return [...settings, ...draft.parameters];
}

const unitsMs: Record<string, number> = {
  '': 1,
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "30s", "5min", "1500" (ms) as PostgreSQL reads a timeout; NaN for anything else. */
function timeoutMs(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(text);
  return match === null ? Number.NaN : Math.round(Number(match[1]) * (unitsMs[match[2] ?? ''] ?? 1));
}

/**
 * Where a profile has one setting of the server: a field of its own, or among its session parameters,
 * to which it is added.
 */
export function serverSettingAs({ name, value }: ServerSetting, parameters: ServerSetting[] = []): Settings {
  const key = name.toLowerCase();
  if (key === 'application_name') return { applicationName: value };
  if (Object.hasOwn(timeouts, key)) return { [timeouts[key as keyof typeof timeouts]]: timeoutMs(value) };
  if (Object.hasOwn(texts, key)) return { [texts[key as keyof typeof texts]]: value };
  return { parameters: [...parameters.filter((one) => one.name.toLowerCase() !== key), { name, value }] };
}

export function takeServerSetting(reader: Reader, line: number, setting: ServerSetting): void {
  const settings = serverSettingAs(setting, reader.settings.parameters);
  reader.take(line, `${setting.name} = ${setting.value}`, settings);
}

/** As libpq's `options`: "-c statement_timeout=5000". Spaces and backslashes in values are escaped. */
export const optionsText = (settings: ServerSetting[]): string =>
  settings.map(({ name, value }) => `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`).join(' ');

/** Reads `options`; null when there is anything in it but settings. */
export function parseOptions(text: string): ServerSetting[] | null {
  const words = [...text.matchAll(/(?:\\[\s\S]|[^\\\s])+/g)].map(([word]) =>
    word.replaceAll(/\\([\s\S])/g, '$1'),
  );
  const settings: ServerSetting[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const given = word === '-c' ? words[++i] : (/^(?:-c|--)(.+)$/s.exec(word)?.[1] ?? '');
    const match = /^([\w.$-]+)=(.*)$/s.exec(given ?? '');
    if (match === null) return null;
    settings.push({ name: (match[1] ?? '').replaceAll('-', '_'), value: match[2] ?? '' });
  }
  return settings;
}
