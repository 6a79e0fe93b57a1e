import { parseEnv } from 'node:util';
import { readLibpqParameters, takeSeconds, takeText, takeTlsMode, takeWhole } from './libpq-parameters.ts';
import { takeUrl } from './read-url.ts';
import { emptyReading, type ImportReading, type Reading, takeSecret, unreadable } from './reading.ts';
import { takeServerSetting } from './server-options.ts';

type Variables = Record<string, string>;
type Reader = (reading: Reading, from: string, value: string) => void;

/** libpq's variables and the keyword each stands for (PostgreSQL documentation, "Environment Variables"). */
const libpqVariables: Record<string, string> = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGAPPNAME: 'application_name',
  PGSSLMODE: 'sslmode',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
  PGOPTIONS: 'options',
  PGCLIENTENCODING: 'client_encoding',
  PGPASSFILE: 'passfile',
  PGSERVICE: 'service',
  PGSERVICEFILE: 'servicefile',
  PGREQUIREAUTH: 'require_auth',
  PGCHANNELBINDING: 'channel_binding',
  PGGSSENCMODE: 'gssencmode',
  PGLOADBALANCEHOSTS: 'load_balance_hosts',
};
/** Settings of the session that libpq sends for these. */
const sessionVariables: Record<string, string> = {
  PGTZ: 'TimeZone',
  PGDATESTYLE: 'DateStyle',
  PGGEQO: 'geqo',
};

/** The names that asyncpg applications use; durations are seconds. */
const dbVariables: Record<string, Reader> = {
  DB_NAME: takeText('database'),
  DB_USER: takeText('user'),
  DB_PASSWORD: (reading, from, value) => takeSecret(reading, from, 'password', value),
  DB_POOL_MIN_SIZE: takeWhole('min'),
  DB_POOL_MAX_SIZE: takeWhole('max'),
  DB_POOL_MAX_QUERIES: takeWhole('maxUses'),
  DB_POOL_MAX_INACTIVE_LIFETIME: takeSeconds('idleTimeoutMs'),
  DB_COMMAND_TIMEOUT: takeSeconds('queryTimeoutMs'),
  DB_CONNECT_TIMEOUT: takeSeconds('connectTimeoutMs'),
  DB_SSL_MODE: takeTlsMode,
  DB_SSL_CA: takeText('tlsCaFile'),
  DB_SSL_CERT: takeText('tlsCertFile'),
  DB_SSL_KEY: takeText('tlsKeyFile'),
};
const dbAddress: Record<string, string> = { DB_HOST: 'host', DB_PORT: 'port' };

const isUrl = (value: string) => /^postgres(?:ql)?:\/\//i.test(value);
const isDb = (name: string) => Object.hasOwn(dbVariables, name) || Object.hasOwn(dbAddress, name);
const isLibpq = (name: string) =>
  Object.hasOwn(libpqVariables, name) || Object.hasOwn(sessionVariables, name);

function readDbVariables(variables: [string, string][]): Reading {
  const reading = emptyReading();
  const address = variables.filter(([name]) => Object.hasOwn(dbAddress, name));
  readLibpqParameters(reading, new Map(address.map(([name, value]) => [dbAddress[name] ?? name, value])));
  for (const [name, value] of variables) if (value !== '') dbVariables[name]?.(reading, name, value);
  return reading;
}

function readLibpqVariables(variables: [string, string][]): Reading {
  const reading = emptyReading();
  const keywords = variables.flatMap(([name, value]): [string, string][] => {
    const keyword = Object.hasOwn(libpqVariables, name) ? libpqVariables[name] : undefined;
    return keyword === undefined ? [] : [[keyword, value]];
  });
  const nameOf = (keyword: string) =>
    Object.entries(libpqVariables).find(([, found]) => found === keyword)?.[0] ?? keyword;
  readLibpqParameters(reading, new Map(keywords), nameOf);
  for (const [name, value] of variables) {
    const setting = Object.hasOwn(sessionVariables, name) ? sessionVariables[name] : undefined;
    if (setting !== undefined && value !== '') takeServerSetting(reading, `${name}=${value}`, setting, value);
  }
  return reading;
}

/**
 * Every connection that variables speak of: one for each address (DATABASE_URL and others that hold
 * one), one for DB_*, one for PG*. Others are named when `all`, and never their values.
 */
export function readVariables(variables: Variables, which: 'all' | 'known'): ImportReading {
  const entries = Object.entries(variables);
  const readings: Reading[] = [];
  for (const [name, value] of entries) {
    if (which === 'known' ? name !== 'DATABASE_URL' || value === '' : !isUrl(value)) continue;
    const reading = emptyReading(name === 'DATABASE_URL' ? null : name);
    takeUrl(reading, name, value);
    readings.push(reading);
  }
  const db = entries.filter(([name]) => isDb(name));
  if (db.length > 0) readings.push(readDbVariables(db));
  const libpq = entries.filter(([name]) => isLibpq(name));
  if (libpq.length > 0) readings.push(readLibpqVariables(libpq));
  if (readings.length === 0) {
    const where = which === 'all' ? 'The text' : 'The environment of Poolscope';
    throw unreadable(`${where} sets none of DATABASE_URL, DB_… and PG….`, 'Nothing was imported.');
  }
  const rest = entries.filter(([name, value]) => !isDb(name) && !isLibpq(name) && !isUrl(value));
  const notUnderstood =
    which === 'known'
      ? []
      : rest.map(([from]) => ({ from, why: 'It says nothing of a connection that Poolscope knows.' }));
  return { readings, notUnderstood };
}

/** Refuses lines that a `.env` parser would skip without a word. Answers with the names, in order. */
function namesInOrder(text: string): string[] {
  const names: string[] = [];
  let open: { quote: string; line: number } | null = null;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (open !== null) {
      if (line.includes(open.quote)) open = null;
      continue;
    }
    if (/^\s*(#.*)?$/.test(line)) continue;
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line);
    // The line is not quoted: it may hold a secret.
    if (match === null) throw unreadable(`Line ${index + 1}: a setting is written as NAME=value.`);
    names.push(match[1] ?? '');
    const value = match[2] ?? '';
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote !== undefined && !value.slice(1).includes(quote)) open = { quote, line: index + 1 };
  }
  if (open !== null) throw unreadable(`Line ${open.line}: the quote that opens there is never closed.`);
  return names;
}

/** A `.env` file. @throws `bad_input` */
export function readEnvFile(text: string): ImportReading {
  const names = namesInOrder(text);
  // It sorts by name.
  const values = parseEnv(text) as Variables;
  return readVariables(Object.fromEntries(names.map((name) => [name, values[name] ?? ''])), 'all');
}
