import { parseConnectionUrl } from '../connection-url.ts';
import type { TargetSessionAttrs } from '../profile/target.ts';
import type { ProfileDraft } from '../profile.ts';
import { allHosts } from './hosts.ts';
import { optionsRule, sslmodeRule, takeParsedAddress } from './libpq.ts';
import { noteIf } from './own-notes.ts';
import type { Reader } from './reader.ts';
import { applyRules, aside, computed, flag, type Rules, seconds, text, textIn } from './rules.ts';
import { optionsText, serverSettings } from './server-settings.ts';
import type { TranslationNote } from './translation.ts';

/* pgJDBC, the driver below HikariCP. Its durations are whole seconds. */

const targetTypes: Record<TargetSessionAttrs, string> = {
  any: 'any',
  'read-write': 'primary',
  primary: 'primary',
  'read-only': 'secondary',
  standby: 'secondary',
  'prefer-standby': 'preferSecondary',
};
const targetsByType: Record<string, TargetSessionAttrs> = {
  any: 'any',
  primary: 'primary',
  master: 'primary',
  secondary: 'standby',
  slave: 'standby',
  preferSecondary: 'prefer-standby',
  preferSlave: 'prefer-standby',
};

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export const jdbcUrl = (draft: ProfileDraft): string =>
  `jdbc:postgresql://${allHosts(draft)
    .map(({ host, port }) => `${host.startsWith('/') ? encodeURIComponent(host) : bracketed(host)}:${port}`)
    .join(',')}/${encodeURIComponent(draft.database)}`;

/** The driver's own properties for a draft. */
export function jdbcProperties(draft: ProfileDraft): [string, string | number | boolean][] {
  const options = optionsText(serverSettings(draft));
  const pairs: [string, string | number | boolean][] = [
    ['ApplicationName', draft.applicationName],
    ['sslmode', draft.tlsMode],
    ['sslNegotiation', draft.tlsNegotiation === 'direct' ? 'direct' : ''],
    ['sslrootcert', draft.tlsCaFile],
    ['sslcert', draft.tlsCertFile],
    ['sslkey', draft.tlsKeyFile],
    ['targetServerType', draft.targetSessionAttrs === 'any' ? '' : targetTypes[draft.targetSessionAttrs]],
    ['connectTimeout', Math.ceil(draft.connectTimeoutMs / 1000)],
    ['socketTimeout', Math.ceil(draft.queryTimeoutMs / 1000)],
    ['tcpKeepAlive', draft.keepAlive],
    ['options', options],
  ];
  return pairs.filter(([, value]) => value !== '');
}

export const jdbcNotes = (draft: ProfileDraft): TranslationNote[] => [
  ...noteIf(
    draft.connectTimeoutMs % 1000 !== 0,
    ['connectTimeoutMs'],
    'The driver counts whole seconds: it was rounded up.',
  ),
  ...noteIf(
    draft.queryTimeoutMs > 0,
    ['queryTimeoutMs'],
    'socketTimeout, in whole seconds, is the nearest: a read that takes longer also closes the connection.',
  ),
  ...noteIf(
    draft.keepAliveDelayMs !== 30_000,
    ['keepAliveDelayMs'],
    "The driver leaves the delay of TCP keepalive to the system's own setting.",
  ),
  ...noteIf(
    draft.targetSessionAttrs === 'read-write' || draft.targetSessionAttrs === 'read-only',
    ['targetSessionAttrs'],
    'The driver tells primary from secondary only, not what may be written.',
  ),
  ...noteIf(
    draft.host.startsWith('/') || draft.moreHosts.some(({ host }) => host.startsWith('/')),
    ['host', 'moreHosts'],
    'The driver needs a socket factory for Unix sockets (junixsocket): name a TCP host instead.',
  ),
  ...noteIf(
    draft.tlsKeyFile !== '',
    ['tlsKeyFile'],
    'The driver wants the key as PKCS-8 DER or PKCS-12, not as PEM: convert it with openssl.',
  ),
];

/** `jdbc:postgresql://…?ssl=true`: its parameters are the driver's, not libpq's. */
export function readJdbcUrl(reader: Reader, written: string, line: number): string {
  const address = written.replace(/^jdbc:/i, '');
  if (!/^postgres(ql)?:/i.test(address)) return 'Only jdbc:postgresql: addresses can be read.';
  const [base = '', query = ''] = address.split(/\?(.*)/s);
  takeParsedAddress(
    reader,
    parseConnectionUrl(base.replace(/^postgresql:(?!\/\/)/i, 'postgresql:///')),
    line,
    written,
  );
  const entries = [...new URLSearchParams(query)].map(([key, value]) => ({
    key,
    value: { kind: 'text', text: value } as const,
    line,
    source: `${key}=${value}`,
  }));
  applyRules(reader, entries, jdbcRules(reader), (value) => value);
  return '';
}

export function jdbcRules(reader: Reader): Rules {
  return {
    user: text('user'),
    serverName: text('host'),
    databaseName: text('database'),
    ApplicationName: text('applicationName'),
    sslmode: sslmodeRule,
    ssl: (value) => ({ tlsMode: textIn(value) === 'false' ? 'disable' : 'verify-full' }),
    sslNegotiation: (value) => ({ tlsNegotiation: textIn(value) === 'direct' ? 'direct' : 'postgres' }),
    sslrootcert: text('tlsCaFile'),
    sslcert: text('tlsCertFile'),
    sslkey: text('tlsKeyFile'),
    targetServerType: (value) => {
      const found = targetsByType[textIn(value) ?? ''];
      return found === undefined ? computed : { targetSessionAttrs: found };
    },
    connectTimeout: seconds('connectTimeoutMs'),
    socketTimeout: seconds('queryTimeoutMs'),
    tcpKeepAlive: flag('keepAlive'),
    options: optionsRule(reader),
    currentSchema: text('searchPath'),
    loginTimeout: aside('The nearest here is Connect timeout.'),
    prepareThreshold: aside('Poolscope prepares no statements by name.'),
    reWriteBatchedInserts: aside('That is for your code.'),
  };
}
