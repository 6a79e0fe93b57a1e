import { type Reading, take } from './reading.ts';

const unitsMs: Record<string, number> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const timeouts = {
  statement_timeout: 'statementTimeoutMs',
  lock_timeout: 'lockTimeoutMs',
  idle_in_transaction_session_timeout: 'idleInTransactionTimeoutMs',
} as const;
const texts = {
  timezone: 'timeZone',
  search_path: 'searchPath',
  role: 'role',
  application_name: 'applicationName',
} as const;

/** "30s", "1500" (ms), as PostgreSQL reads a timeout; null for anything else. */
function timeoutMs(value: string): number | null {
  const match = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  return match === null ? null : Math.round(Number(match[1]) * (unitsMs[match[2] ?? 'ms'] ?? 1));
}

/** A setting of the server goes to the field it has here, or among the session parameters. */
export function takeServerSetting(reading: Reading, from: string, name: string, value: string): void {
  const key = name.toLowerCase();
  if (Object.hasOwn(timeouts, key)) {
    const ms = timeoutMs(value);
    if (ms === null) reading.problems.push(`${from}: it must be a time, such as 30s or 1500.`);
    else take(reading, from, { [timeouts[key as keyof typeof timeouts]]: ms });
  } else if (Object.hasOwn(texts, key)) {
    take(reading, from, { [texts[key as keyof typeof texts]]: value });
  } else {
    const before = (reading.draft.parameters ?? []).filter((one) => one.name.toLowerCase() !== key);
    take(reading, from, { parameters: [...before, { name, value }] });
  }
}

/** Reads libpq's `options` ("-c a=1 --b=2", backslash escapes); null when there is more in it than settings. */
export function parseServerOptions(text: string): { name: string; value: string }[] | null {
  const words = [...text.matchAll(/(?:\\[\s\S]|[^\\\s])+/g)].map(([word]) =>
    word.replaceAll(/\\([\s\S])/g, '$1'),
  );
  const settings: { name: string; value: string }[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const given = word === '-c' ? (words[++i] ?? '') : (/^(?:-c|--)([\s\S]+)$/.exec(word)?.[1] ?? '');
    const match = /^([\w.$-]+)=([\s\S]*)$/.exec(given);
    if (match === null) return null;
    settings.push({ name: (match[1] ?? '').replaceAll('-', '_'), value: match[2] ?? '' });
  }
  return settings;
}
