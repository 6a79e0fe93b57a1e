import { targetSessionAttrs } from './profile/target.ts';
import { type TlsMode, tlsNegotiations } from './profile/tls.ts';
import type { ProfileDraft } from './profile.ts';
import { parseOptions, serverSettingAs } from './translate/server-settings.ts';

/** The settings of a draft that an address can carry, beside its user and database. */
export const addressSettings = [
  'host',
  'port',
  'moreHosts',
  'targetSessionAttrs',
  'database',
  'user',
  'applicationName',
  'tlsMode',
  'tlsNegotiation',
  'tlsCaFile',
  'tlsCertFile',
  'tlsKeyFile',
  'connectTimeoutMs',
  'keepAlive',
  'keepAliveDelayMs',
  'statementTimeoutMs',
  'lockTimeoutMs',
  'idleInTransactionTimeoutMs',
  'timeZone',
  'searchPath',
  'role',
  'parameters',
] as const satisfies readonly (keyof ProfileDraft)[];

type ConnectionUrlParts = Partial<Pick<ProfileDraft, (typeof addressSettings)[number]>>;

interface UrlProblem {
  part: 'scheme' | 'host' | 'port' | 'user' | 'password' | 'database' | 'parameter';
  /** One sentence for the user. Never quotes what may be a part of the password. */
  message: string;
}

export type ParsedConnectionUrl =
  | {
      ok: true;
      draft: ConnectionUrlParts;
      password: string | null;
      /** Names of parameters that Poolscope does not use. */
      ignored: string[];
      /** Sentences about values that were taken over in a changed form. */
      notes: string[];
    }
  | { ok: false; problems: UrlProblem[] };

type Part = UrlProblem['part'];
type Complain = (part: Part, message: string) => void;

const labels: Record<Part, string> = {
  scheme: 'The scheme',
  host: 'The host',
  port: 'The port',
  user: 'The user',
  password: 'The password',
  database: 'The database',
  parameter: 'A parameter',
};

/** Undoes percent codes as libpq does: "+" stays "+", and %00 is refused. Null after a complaint. */
function decode(text: string, part: Part, complain: Complain): string | null {
  const label = labels[part];
  const broken = /%(?![0-9a-f]{2}).{0,2}/i.exec(text);
  if (broken !== null) {
    const quoted = part === 'password' ? '' : `, "${broken[0]}"`;
    complain(part, `${label} has a bad percent code${quoted}: write a plain "%" as "%25".`);
    return null;
  }
  if (text.includes('%00')) {
    complain(part, `${label} has the percent code "%00": PostgreSQL has no place for that character.`);
    return null;
  }
  try {
    // Runs of codes are decoded one by one, so that the complaint can name the bad one.
    return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (codes) => {
      try {
        return decodeURIComponent(codes);
      } catch {
        const quoted = part === 'password' ? '' : `: "${codes}"`;
        complain(part, `${label} has percent codes that are not UTF-8 text${quoted}.`);
        throw new RangeError();
      }
    });
  } catch {
    return null;
  }
}

function readPort(text: string, complain: Complain): number | null {
  const port = Number(text);
  if (/^\d{1,9}$/.test(text) && port >= 1 && port <= 65_535) return port;
  // Not quoted: "ann:secret" without a host has the password where the port would stand.
  complain('port', 'The port must be a whole number from 1 to 65535.');
  return null;
}

/** Splits "host:port" and "[v6]:port". The raw host may still hold percent codes. */
function splitHostPort(text: string, complain: Complain): { host: string; port: string } | null {
  if (text.startsWith('[')) {
    const match = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
    if (match === null || !/^[0-9a-f:.]*:[0-9a-f:.]*(%25[\w.-]+)?$/i.test(match[1] ?? '')) {
      complain('host', 'An IPv6 address stands in brackets, like [::1], with at most a port after them.');
      return null;
    }
    return { host: match[1] ?? '', port: match[2] ?? '' };
  }
  const parts = text.split(':');
  if (parts.length > 2) {
    complain(
      'host',
      'An IPv6 address needs brackets, like [::1]; else the host has one ":" at most, before the port.',
    );
    return null;
  }
  return { host: parts[0] ?? '', port: parts[1] ?? '' };
}

const tlsByName: Record<string, [mode: TlsMode, note?: string]> = {
  disable: ['disable'],
  allow: ['prefer', 'sslmode=allow became "prefer", the nearest Poolscope has.'],
  prefer: ['prefer'],
  require: ['require'],
  'verify-ca': ['verify-ca'],
  'verify-full': ['verify-full'],
};

const longestConnectMs = 600_000;

/** One of the hosts of an address; without a port, the parameter's or the default one. */
interface UrlHost {
  host: string;
  port: number | null;
}

/** What a parameter does to the result; `null` for one that is not understood. */
function parameterReader(
  draft: ConnectionUrlParts,
  hosts: UrlHost[],
  ports: (number | null)[],
  setPassword: (password: string) => void,
  notes: string[],
  complain: Complain,
): (key: string, value: string) => boolean {
  const sslmode = (value: string) => {
    const found = Object.hasOwn(tlsByName, value) ? tlsByName[value] : undefined;
    if (found === undefined) {
      complain(
        'parameter',
        `The sslmode "${value}" does not exist; use disable, prefer, require, verify-ca or verify-full.`,
      );
      return;
    }
    draft.tlsMode = found[0];
    if (found[1] !== undefined) notes.push(found[1]);
  };
  const oneOf = <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    value: string,
    take: (choice: Choice) => void,
  ) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      complain('parameter', `The ${name} must be one of ${choices.join(', ')}, not "${value}".`);
    else take(found);
  };
  const readers: Record<string, (value: string) => void> = {
    host: (value) => {
      if (value === '') return;
      hosts.splice(0, hosts.length, ...value.split(',').map((host) => ({ host, port: null })));
    },
    port: (value) => {
      ports.splice(0, ports.length, ...value.split(',').map((port) => readPort(port, complain)));
    },
    user: (value) => {
      draft.user = value;
    },
    dbname: (value) => {
      draft.database = value;
    },
    password: setPassword,
    application_name: (value) => {
      draft.applicationName = value;
    },
    sslmode,
    ssl: (value) => {
      if (value === 'true' || value === 'false') sslmode(value === 'true' ? 'require' : 'disable');
      else complain('parameter', `The parameter "ssl" must be true or false, not "${value}".`);
    },
    sslnegotiation: (value) =>
      oneOf('sslnegotiation', tlsNegotiations, value, (found) => {
        draft.tlsNegotiation = found;
      }),
    sslrootcert: (value) => {
      draft.tlsCaFile = value;
    },
    sslcert: (value) => {
      draft.tlsCertFile = value;
    },
    sslkey: (value) => {
      draft.tlsKeyFile = value;
    },
    target_session_attrs: (value) =>
      oneOf('target_session_attrs', targetSessionAttrs, value, (found) => {
        draft.targetSessionAttrs = found;
      }),
    connect_timeout: (value) => {
      if (!/^\d{1,9}$/.test(value)) {
        complain('parameter', `The connect_timeout must be a whole number of seconds, not "${value}".`);
        return;
      }
      draft.connectTimeoutMs = Math.min(Number(value) * 1000, longestConnectMs);
      if (Number(value) * 1000 > longestConnectMs)
        notes.push('The connect_timeout was cut to 600 s, the longest one.');
    },
    keepalives: (value) =>
      oneOf('keepalives', ['0', '1'], value, (found) => (draft.keepAlive = found === '1')),
    keepalives_idle: (value) => {
      if (/^\d{1,5}$/.test(value)) draft.keepAliveDelayMs = Number(value) * 1000;
      else complain('parameter', `The keepalives_idle must be a whole number of seconds, not "${value}".`);
    },
    options: (value) => {
      const settings = parseOptions(value);
      if (settings === null) notes.push('Of options only settings ("-c name=value") can be taken over.');
      for (const setting of settings ?? []) Object.assign(draft, serverSettingAs(setting, draft.parameters));
    },
  };
  return (key, value) => {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    reader?.(value);
    return reader !== undefined;
  };
}

/** Parameters whose values may well hold an "@" that nobody wrote as "%40". */
const textParameters = [
  'user',
  'password',
  'dbname',
  'application_name',
  'options',
  'passfile',
  'sslrootcert',
  'sslcert',
  'sslkey',
];

/**
 * Whether an unescaped "?" in the password made its tail look like parameters: the "@" that ends
 * the credentials then stands among them, before the "=" or in a value that has no use for it.
 */
function holdsCredentials(query: string, hasNoUser: boolean): boolean {
  return query.split('&').some((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
    return name.includes('@') || (hasNoUser && value.includes('@') && !textParameters.includes(name));
  });
}

/**
 * Reads a `postgres://` or `postgresql://` address as libpq does. A missing host means localhost
 * and a missing database the one named after the user. Problems are found all at once.
 */
export function parseConnectionUrl(text: string): ParsedConnectionUrl {
  const problems: UrlProblem[] = [];
  const notes: string[] = [];
  const ignored: string[] = [];
  const complain: Complain = (part, message) => problems.push({ part, message });
  const draft: ConnectionUrlParts = {};
  let password: string | null = null;
  const decoded = (raw: string, part: Part) => decode(raw, part, complain) ?? '';

  const scheme = /^postgres(?:ql)?:\/\//i.exec(text.trim());
  if (scheme === null) {
    const message = 'The address must start with postgres:// or postgresql://.';
    return { ok: false, problems: [{ part: 'scheme', message }] };
  }
  const rest = text.trim().slice(scheme[0].length);
  const [, authority = '', path, query = ''] = /^([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(rest) ?? [];

  const at = authority.lastIndexOf('@');
  // "ann:pa/ss@db": what looks like a port is the start of a password cut short.
  const cutShort = /:\D/.test(authority) ? rest : authority.includes(':') ? (path ?? '') : '';
  const isCut = at === -1 && !authority.startsWith('[') && cutShort.includes('@');
  if (isCut || holdsCredentials(query, at === -1)) {
    complain('password', 'A "/" or "?" within the user or the password is written as "%2F" or "%3F".');
    return { ok: false, problems };
  }
  if (at !== -1) {
    const credentials = authority.slice(0, at);
    const colon = credentials.indexOf(':');
    const user = decoded(colon === -1 ? credentials : credentials.slice(0, colon), 'user');
    if (user !== '') draft.user = user;
    if (colon !== -1) password = decoded(credentials.slice(colon + 1), 'password');
  }

  const hosts: UrlHost[] = [];
  const ports: (number | null)[] = [];
  for (const address of authority.slice(at + 1).split(',')) {
    const parts = splitHostPort(address, complain);
    if (parts === null) continue;
    const port = parts.port === '' ? null : readPort(parts.port, complain);
    // A host in percent codes may be a list too, and a socket's folder is written that way.
    const names = decoded(parts.host, 'host').split(',');
    hosts.push(...names.map((host) => ({ host: host || 'localhost', port })));
  }
  const database = decoded((path ?? '').slice(1), 'database');
  if (database !== '') draft.database = database;

  const setPassword = (value: string) => {
    password = value;
  };
  const read = parameterReader(draft, hosts, ports, setPassword, notes, complain);
  for (const pair of query.split('&').filter((entry) => entry !== '')) {
    const equals = pair.indexOf('=');
    if (equals === -1) {
      complain('parameter', `The parameter "${pair}" has no value: write it as name=value.`);
      continue;
    }
    const key = decoded(pair.slice(0, equals), 'parameter');
    const value = decode(pair.slice(equals + 1), key === 'password' ? 'password' : 'parameter', complain);
    if (value !== null && !read(key, value)) ignored.push(key);
  }
  if (ports.length > 1 && ports.length !== hosts.length) {
    complain(
      'port',
      `There are ${hosts.length} hosts and ${ports.length} ports: write one for all, or one for each.`,
    );
  }
  if (hosts.length > 10) complain('host', 'At most ten hosts can be named in all.');
  if (problems.length > 0) return { ok: false, problems };
  const [first, ...others] = hosts.map(({ host, port }, i) => ({
    host,
    port: port ?? ports[i] ?? ports[0] ?? null,
  }));
  draft.host = first?.host ?? 'localhost';
  if (first !== undefined && first.port !== null) draft.port = first.port;
  if (others.length > 0) draft.moreHosts = others.map(({ host, port }) => ({ host, port: port ?? 5432 }));
  if (draft.database === undefined && draft.user !== undefined) draft.database = draft.user;
  return { ok: true, draft, password: password === '' ? null : password, ignored, notes };
}
