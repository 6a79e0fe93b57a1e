import type { ProfileDraft } from '../profile.ts';
import type { Reader } from './reader.ts';

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

/** Which of a profile's settings reach the server as settings of the session. */
export const serverSettingFields = [
  ...Object.values(timeouts),
  ...Object.values(texts),
  'parameters',
] as const;

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

/** Puts one setting of the server where a profile has it: a field of its own, or the session parameters. */
export function takeServerSetting(reader: Reader, line: number, { name, value }: ServerSetting): void {
  const key = name.toLowerCase();
  const from = `${name} = ${value}`;
  if (key === 'application_name') reader.take(line, from, { applicationName: value });
  else if (Object.hasOwn(timeouts, key)) {
    reader.take(line, from, { [timeouts[key as keyof typeof timeouts]]: timeoutMs(value) });
  } else if (Object.hasOwn(texts, key)) {
    reader.take(line, from, { [texts[key as keyof typeof texts]]: value });
  } else {
    const others = (reader.settings.parameters ?? []).filter((one) => one.name.toLowerCase() !== key);
    reader.take(line, from, { parameters: [...others, { name, value }] });
  }
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
