import { type ParsedConnectionUrl, parseConnectionUrl } from '../connection-url.ts';
import { type TargetSessionAttrs, targetSessionAttrs } from '../profile/target.ts';
import { type TlsMode, type TlsNegotiation, tlsModes, tlsNegotiations } from '../profile/tls.ts';
import type { ProfileDraft } from '../profile.ts';
import { allHosts, hostSettings } from './hosts.ts';
import type { Reader } from './reader.ts';
import { aside, computed, numberIn, type Rule, type Rules, seconds, text, textIn, truthIn } from './rules.ts';
import { optionsText, parseOptions, serverSettings, takeServerSetting } from './server-settings.ts';
import type { TranslationNote } from './translation.ts';

/** libpq's connection keywords for a draft, the password apart, in libpq's order. */
export function libpqKeywords(draft: ProfileDraft): [string, string | number][] {
  const hosts = allHosts(draft);
  const oneHost = hosts.length === 1;
  const options = optionsText(serverSettings(draft));
  const pairs: [string, string | number | false][] = [
    ['host', oneHost ? draft.host : hosts.map(({ host }) => host).join(',')],
    ['port', oneHost ? draft.port : hosts.map(({ port }) => port).join(',')],
    ['dbname', draft.database],
    ['user', draft.user],
    ['application_name', draft.applicationName],
    ['sslmode', draft.tlsMode],
    ['sslnegotiation', draft.tlsNegotiation === 'direct' && 'direct'],
    ['sslrootcert', draft.tlsCaFile],
    ['sslcert', draft.tlsCertFile],
    ['sslkey', draft.tlsKeyFile],
    ['target_session_attrs', draft.targetSessionAttrs !== 'any' && draft.targetSessionAttrs],
    ['connect_timeout', draft.connectTimeoutMs > 0 && Math.max(2, Math.ceil(draft.connectTimeoutMs / 1000))],
    ['keepalives', draft.keepAlive ? 1 : 0],
    ['keepalives_idle', draft.keepAlive && Math.ceil(draft.keepAliveDelayMs / 1000)],
    ['options', options],
  ];
  return pairs.filter((pair): pair is [string, string | number] => pair[1] !== false && pair[1] !== '');
}

export function libpqNotes(draft: ProfileDraft): TranslationNote[] {
  const notes: TranslationNote[] = [];
  if (draft.connectTimeoutMs > 0 && (draft.connectTimeoutMs % 1000 !== 0 || draft.connectTimeoutMs < 2000))
    notes.push({
      settings: ['connectTimeoutMs'],
      sentence: 'libpq counts whole seconds, at least 2: it was rounded up.',
    });
  if (draft.keepAliveDelayMs % 1000 !== 0)
    notes.push({
      settings: ['keepAliveDelayMs'],
      sentence: 'libpq counts whole seconds: it was rounded up.',
    });
  else if (!draft.keepAlive)
    notes.push({ settings: ['keepAliveDelayMs'], sentence: 'Means nothing while TCP keepalive is off.' });
  if (draft.queryTimeoutMs > 0)
    notes.push({
      settings: ['queryTimeoutMs'],
      sentence:
        'libpq has no timeout of its own for a statement: statement_timeout on the server is the nearest.',
    });
  return notes;
}

const oneOf =
  <const Choices extends readonly string[]>(
    choices: Choices,
    take: (choice: Choices[number]) => ReturnType<Rule>,
  ): Rule =>
  (value) => {
    const written = textIn(value);
    if (written === null) return computed;
    const found = choices.find((choice) => choice === written);
    return found === undefined ? `It must be one of ${choices.join(', ')}.` : take(found);
  };

export const sslmodeRule: Rule = (value, entry) => {
  if (textIn(value) === 'allow') return { tlsMode: 'prefer' };
  return oneOf(tlsModes, (tlsMode: TlsMode) => ({ tlsMode }))(value, entry);
};
export const targetAttrsRule: Rule = oneOf(targetSessionAttrs, (choice: TargetSessionAttrs) => ({
  targetSessionAttrs: choice,
}));

/** `options="-c …"`, whoever takes it. */
export const optionsRule =
  (reader: Reader): Rule =>
  (value, entry) => {
    const written = textIn(value);
    if (written === null) return computed;
    const settings = parseOptions(written);
    if (settings === null) return 'Only settings ("-c name=value") can be taken from options.';
    for (const setting of settings) takeServerSetting(reader, entry.line, setting);
    return '';
  };

/** The address a library takes beside, or instead of, keywords. Its password is left where it is. */
export const addressRule =
  (reader: Reader): Rule =>
  (value, entry) => {
    const written = textIn(value);
    if (written === null) return computed;
    const address = written.replace(/^(?:jdbc:)?(postgres(?:ql)?)(?:\+\w+)?:/i, '$1:');
    if (!/^postgres(ql)?:\/\//i.test(address)) return keywordAddress(reader, written, entry.line);
    takeParsedAddress(reader, parseConnectionUrl(address), entry.line, written);
    return '';
  };

export function takeParsedAddress(
  reader: Reader,
  parsed: ParsedConnectionUrl,
  line: number,
  from: string,
): void {
  if (!parsed.ok) {
    for (const { message } of parsed.problems) reader.complain(line, message);
    return;
  }
  reader.take(line, from, parsed.draft);
  for (const note of parsed.notes) reader.leave(line, 'in the address', note);
  for (const name of parsed.ignored) reader.leave(line, `${name} in the address`);
  if (parsed.password !== null) reader.leave(line, 'the password in the address', 'Type it into the form.');
}

/** "host=db port=5432 dbname=orders": a keyword DSN. */
function keywordAddress(reader: Reader, dsn: string, line: number): string {
  const pairs = [...dsn.matchAll(/(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|(\S*))/g)];
  if (pairs.length === 0) return 'Neither a postgres:// address nor name=value pairs.';
  const rules = libpqRules(reader);
  for (const [source, key = '', quoted, plain = ''] of pairs) {
    const written = (quoted ?? plain).replaceAll(/\\(.)/g, '$1');
    if (key === 'password') {
      reader.leave(line, 'the password in the address', 'Type it into the form.');
      continue;
    }
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const entry = { key, value: { kind: 'text', text: written } as const, line, source };
    const result = rule === undefined ? null : rule(entry.value, entry);
    if (result === null) reader.leave(line, source);
    else if (typeof result !== 'string') reader.take(line, source, result);
    else if (result !== '') reader.leave(line, source, result);
  }
  return '';
}

/** Keyword arguments that go to libpq, as psycopg and psycopg2 pass them on. */
export function libpqRules(reader: Reader): Rules {
  let hosts: string[] = [];
  let ports: number[] = [];
  const target = () => (hosts.length === 0 ? { port: ports[0] ?? 5432 } : hostSettings(hosts, ports));
  const database = text('database');
  return {
    host: (value) => {
      const written = textIn(value);
      if (written === null) return computed;
      hosts = written.split(',');
      // The ports may follow.
      const single = hosts.length > 1 && ports.length <= 1 ? hostSettings(hosts, []) : target();
      return single;
    },
    port: (value) => {
      const written =
        numberIn(value) === null ? (textIn(value)?.split(',') ?? null) : [String(numberIn(value))];
      if (written === null) return computed;
      ports = written.map((port) => (port.trim() === '' ? 5432 : Number(port)));
      return target();
    },
    dbname: database,
    database,
    user: text('user'),
    application_name: text('applicationName'),
    sslmode: sslmodeRule,
    sslnegotiation: oneOf(tlsNegotiations, (tlsNegotiation: TlsNegotiation) => ({ tlsNegotiation })),
    sslrootcert: text('tlsCaFile'),
    sslcert: text('tlsCertFile'),
    sslkey: text('tlsKeyFile'),
    target_session_attrs: targetAttrsRule,
    connect_timeout: seconds('connectTimeoutMs'),
    keepalives: (value) => {
      const on = truthIn(value);
      return on === null ? computed : { keepAlive: on };
    },
    keepalives_idle: seconds('keepAliveDelayMs'),
    options: optionsRule(reader),
    client_encoding: aside('Poolscope always uses UTF-8.'),
    service: aside('Import the file pg_service.conf instead.'),
  };
}
