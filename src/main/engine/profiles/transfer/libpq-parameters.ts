import { targetSessionAttrs } from '#shared/model/profile/target.ts';
import { type TlsMode, tlsNegotiations } from '#shared/model/profile/tls.ts';
import { ignore, type Reading, take, takeSecret } from './reading.ts';
import { parseServerOptions, takeServerSetting } from './server-options.ts';

const tlsByName: Record<string, TlsMode> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

type Reader = (reading: Reading, from: string, value: string) => void;

const longestMs = 600_000;

function complain(reading: Reading, from: string, why: string): void {
  reading.problems.push(`${from}: ${why}`);
}

/** Seconds, as libpq and the Python libraries count; fractions as the latter allow. */
export function takeSeconds(
  field: 'connectTimeoutMs' | 'keepAliveDelayMs' | 'idleTimeoutMs' | 'queryTimeoutMs',
): Reader {
  return (reading, from, value) => {
    if (!/^\d{1,9}(\.\d{1,6})?$/.test(value)) {
      complain(reading, from, 'it must be a number of seconds.');
      return;
    }
    const ms = Math.round(Number(value) * 1000);
    if (field !== 'connectTimeoutMs' || ms <= longestMs) take(reading, `${from}=${value}`, { [field]: ms });
    else take(reading, `${from}=${value}, cut to the longest there is`, { connectTimeoutMs: longestMs });
  };
}

export function takeWhole(field: 'min' | 'max' | 'maxUses'): Reader {
  return (reading, from, value) => {
    if (/^\d{1,9}$/.test(value)) take(reading, `${from}=${value}`, { [field]: Number(value) });
    else complain(reading, from, 'it must be a whole number.');
  };
}

export function takeText(
  field: 'database' | 'user' | 'applicationName' | 'tlsCaFile' | 'tlsCertFile' | 'tlsKeyFile' | 'timeZone',
): Reader {
  return (reading, from, value) => take(reading, `${from}=${value}`, { [field]: value });
}

export const takeTlsMode: Reader = (reading, from, value) => {
  const mode = Object.hasOwn(tlsByName, value) ? tlsByName[value] : undefined;
  if (mode === undefined)
    complain(reading, from, 'it must be disable, prefer, require, verify-ca or verify-full.');
  else take(reading, `${from}=${value}`, { tlsMode: mode });
};

function choice<const Choices extends readonly string[]>(
  field: 'tlsNegotiation' | 'targetSessionAttrs',
  choices: Choices,
): Reader {
  return (reading, from, value) => {
    if (choices.includes(value)) take(reading, `${from}=${value}`, { [field]: value });
    else complain(reading, from, `it must be one of ${choices.join(', ')}.`);
  };
}

const keepAlive: Reader = (reading, from, value) => {
  if (value === '0' || value === '1') take(reading, `${from}=${value}`, { keepAlive: value === '1' });
  else complain(reading, from, 'it must be 0 or 1.');
};

const options: Reader = (reading, from, value) => {
  const settings = parseServerOptions(value);
  if (settings === null)
    ignore(reading, from, 'Of options only settings ("-c name=value") can be taken over.');
  for (const { name, value: text } of settings ?? [])
    takeServerSetting(reading, `${from}: -c ${name}=${text}`, name, text);
};

const readers: Record<string, Reader> = {
  dbname: takeText('database'),
  user: takeText('user'),
  password: (reading, from, value) => takeSecret(reading, from, 'password', value),
  sslpassword: (reading, from, value) => takeSecret(reading, from, 'keyPassphrase', value),
  application_name: takeText('applicationName'),
  connect_timeout: takeSeconds('connectTimeoutMs'),
  keepalives: keepAlive,
  keepalives_idle: takeSeconds('keepAliveDelayMs'),
  sslmode: takeTlsMode,
  sslnegotiation: choice('tlsNegotiation', tlsNegotiations),
  sslrootcert: (reading, from, value) => {
    if (value === 'system')
      ignore(
        reading,
        `${from}=system`,
        'Without a CA file the authorities of this computer are trusted anyway.',
      );
    else take(reading, `${from}=${value}`, { tlsCaFile: value });
  },
  sslcert: takeText('tlsCertFile'),
  sslkey: takeText('tlsKeyFile'),
  target_session_attrs: choice('targetSessionAttrs', targetSessionAttrs),
  options,
};

/** Keywords of libpq without a place here, with why (PostgreSQL documentation, "Parameter Key Words"). */
const noPlace: Record<string, string> = {
  client_encoding: 'Poolscope always speaks UTF-8.',
  fallback_application_name: 'Poolscope uses application_name.',
  passfile: 'Poolscope reads ~/.pgpass, or the file PGPASSFILE names.',
  service: 'Import pg_service.conf itself.',
  servicefile: 'Import pg_service.conf itself.',
  load_balance_hosts: 'Poolscope tries hosts in their order.',
};

/** Whether libpq has a keyword at all. */
const others = new Set(
  `require_auth channel_binding keepalives_interval keepalives_count tcp_user_timeout replication
  gssencmode requiressl sslcompression sslkeylogfile sslcertmode sslcrl sslcrldir sslsni requirepeer
  ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname
  gsslib gssdelegation scram_client_key scram_server_key oauth_issuer oauth_client_id
  oauth_client_secret oauth_scope`.split(/\s+/),
);

const portPattern = /^\d{1,5}$/;

/** Hosts and ports as libpq pairs them: one port for all, or one for each; empty means the default. */
function takeHosts(reading: Reading, hosts: string | undefined, ports: string | undefined): void {
  if (hosts === undefined && ports === undefined) return;
  const names = (hosts ?? 'localhost').split(',').map((host) => host.trim() || 'localhost');
  const numbers = (ports ?? '').split(',').map((port) => port.trim());
  if (numbers.length > 1 && numbers.length !== names.length) {
    complain(
      reading,
      'port',
      `there are ${names.length} hosts and ${numbers.length} ports: give one port, or one for each host.`,
    );
    return;
  }
  if (numbers.some((port) => port !== '' && !portPattern.test(port))) {
    complain(reading, 'port', 'it must be a whole number from 1 to 65535.');
    return;
  }
  const at = names.map((host, i) => ({
    host,
    port: Number((numbers.length > 1 ? numbers[i] : numbers[0]) || 5432),
  }));
  const [first, ...moreHosts] = at;
  const from = [hosts === undefined ? '' : `host=${hosts}`, ports === undefined ? '' : `port=${ports}`];
  take(reading, from.filter(Boolean).join(' '), { ...first, ...(moreHosts.length > 0 ? { moreHosts } : {}) });
}

/**
 * Reads settings by libpq's names.
 * @param named what they are called in the text, where that differs ("PGHOST")
 */
export function readLibpqParameters(
  reading: Reading,
  parameters: ReadonlyMap<string, string>,
  named: (keyword: string) => string = (keyword) => keyword,
): void {
  // An address is preferred to the name it belongs to, as libpq does; the name would still be checked.
  const host = parameters.get('host') || parameters.get('hostaddr');
  takeHosts(reading, host, parameters.get('port') || undefined);
  if (parameters.get('hostaddr') && parameters.get('host'))
    ignore(reading, named('hostaddr'), 'The host is looked up by its name.');
  for (const [keyword, value] of parameters) {
    if (['host', 'hostaddr', 'port'].includes(keyword)) continue;
    const reader = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    if (reader !== undefined) {
      if (value !== '') reader(reading, named(keyword), value);
    } else {
      const why = Object.hasOwn(noPlace, keyword) ? noPlace[keyword] : undefined;
      ignore(reading, named(keyword), why ?? 'Poolscope has no such setting.');
    }
  }
}

export const isLibpqKeyword = (keyword: string): boolean =>
  ['host', 'hostaddr', 'port'].includes(keyword) ||
  Object.hasOwn(readers, keyword) ||
  Object.hasOwn(noPlace, keyword) ||
  others.has(keyword);
