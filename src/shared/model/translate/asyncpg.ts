import type { ProfileDraft } from '../profile.ts';
import { findCall } from './calls.ts';
import { allHosts, hostSettings } from './hosts.ts';
import { addressRule, sslmodeRule, targetAttrsRule } from './libpq.ts';
import { noteIf, overflowNote, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import { inSeconds, passwordFromEnvironment, python, pythonCall, pythonDict } from './python-text.ts';
import { createReader, type Reader, unreadable } from './reader.ts';
import {
  applyRules,
  aside,
  computed,
  count,
  numberIn,
  type Rules,
  seconds,
  text,
  textIn,
  truthIn,
} from './rules.ts';
import { serverSettings, takeServerSetting } from './server-settings.ts';
import type { TranslationNote, Translator } from './translation.ts';
import type { Value } from './values.ts';

/** More queries than any connection lives for: asyncpg has no word for "no limit". */
const manyQueries = 2_147_483_647;

/** The TLS files, which asyncpg takes from an address only. */
function tlsAddress(draft: ProfileDraft): string {
  const files: [string, string][] = [
    ['sslrootcert', draft.tlsCaFile],
    ['sslcert', draft.tlsCertFile],
    ['sslkey', draft.tlsKeyFile],
  ];
  const query = files
    .filter(([, file]) => file !== '')
    .map(([key, file]) => `${key}=${encodeURIComponent(file)}`);
  return query.length === 0 ? '' : `postgresql:///?${query.join('&')}`;
}

/** What asyncpg's connect() takes beside host, database and user. Also SQLAlchemy's connect_args for it. */
export function asyncpgArguments(draft: ProfileDraft, depth: number): [string, string][] {
  const settings = [{ name: 'application_name', value: draft.applicationName }, ...serverSettings(draft)];
  const args: [string, string][] = [['ssl', python(draft.tlsMode)]];
  if (draft.tlsNegotiation === 'direct') args.push(['direct_tls', 'True']);
  if (draft.targetSessionAttrs !== 'any')
    args.push(['target_session_attrs', python(draft.targetSessionAttrs)]);
  args.push(['timeout', draft.connectTimeoutMs === 0 ? 'None' : python(inSeconds(draft.connectTimeoutMs))]);
  args.push([
    'command_timeout',
    draft.queryTimeoutMs === 0 ? 'None' : python(inSeconds(draft.queryTimeoutMs)),
  ]);
  const pairs = settings.map(({ name, value }): [string, string] => [name, python(value)]);
  args.push(['server_settings', pythonDict(pairs, depth)]);
  return args;
}

export const asyncpgConnectNotes = (draft: ProfileDraft): TranslationNote[] =>
  noteIf(
    !draft.keepAlive || draft.keepAliveDelayMs !== 30_000,
    ['keepAlive', 'keepAliveDelayMs'],
    "asyncpg leaves TCP keepalive to the system's own settings.",
  );

/** Arguments of asyncpg's connect(), wherever they are given. */
export function asyncpgConnectRules(reader: Reader, resolve: (value: Value) => Value): Rules {
  let hosts: string[] = [];
  let ports: number[] = [];
  const list = (value: Value): Value[] => (value.kind === 'list' ? value.items : [value]);
  const address = addressRule(reader);
  return {
    '': address,
    dsn: address,
    host: (value) => {
      const names = list(value).map(textIn);
      if (names.some((name) => name === null)) return computed;
      hosts = names as string[];
      return hostSettings(hosts, ports.length === hosts.length ? ports : ports.slice(0, 1));
    },
    port: (value) => {
      const numbers = list(value).map(numberIn);
      if (numbers.some((number) => number === null)) return computed;
      ports = numbers as number[];
      return hosts.length === 0 ? { port: ports[0] ?? 5432 } : hostSettings(hosts, ports);
    },
    database: text('database'),
    user: text('user'),
    ssl: (value, entry) => {
      const on = value.kind === 'truth' ? value.truth : null;
      // asyncpg takes True for a context that checks nothing but the certificate and the name.
      if (on !== null) return { tlsMode: on ? 'verify-full' : 'disable' };
      return value.kind === 'nothing' ? { tlsMode: 'prefer' } : sslmodeRule(value, entry);
    },
    direct_tls: (value) => {
      const on = truthIn(value);
      return on === null ? computed : { tlsNegotiation: on ? 'direct' : 'postgres' };
    },
    target_session_attrs: targetAttrsRule,
    timeout: seconds('connectTimeoutMs'),
    command_timeout: seconds('queryTimeoutMs'),
    server_settings: (value) => {
      if (value.kind !== 'entries') return computed;
      for (const entry of value.entries) {
        const given = resolve(entry.value);
        const written = textIn(given) ?? (given.kind === 'number' ? String(given.number) : null);
        if (entry.key === null || written === null) reader.leave(entry.line, entry.source, computed);
        else takeServerSetting(reader, entry.line, { name: entry.key, value: written });
      }
      return '';
    },
    statement_cache_size: aside('Poolscope prepares no statements by name.'),
    max_cached_statement_lifetime: aside('Poolscope prepares no statements by name.'),
    max_cacheable_statement_size: aside('Poolscope prepares no statements by name.'),
    passfile: aside('Poolscope reads ~/.pgpass by itself.'),
  };
}

function notes(draft: ProfileDraft): TranslationNote[] {
  return [
    ...overflowNote(draft, 'max_size', 'idle connections go after the idle timeout instead'),
    ...noteIf(
      draft.min > 0 && draft.idleTimeoutMs > 0,
      ['min'],
      'asyncpg opens min_size at start, but lets those expire too when they are idle, until they are needed again.',
    ),
    ...noteIf(
      true,
      ['waitTimeoutMs'],
      'An acquire waits without end unless it is told otherwise each time: pool.acquire(timeout=…).',
    ),
    ...noteIf(
      draft.maxLifetimeMs > 0,
      ['maxLifetimeMs', 'lifetimeJitterPercent'],
      'asyncpg knows no age: connections go after max_queries, or after being idle.',
    ),
    ...noteIf(
      draft.maxLifetimeMs === 0,
      ['lifetimeJitterPercent'],
      'Means nothing without a maximum lifetime.',
    ),
    ...noteIf(
      true,
      ['maxUses'],
      'max_queries counts queries, where Poolscope counts how often a connection was handed out.',
    ),
    ...noteIf(draft.reuseOrder === 'fifo', ['reuseOrder'], 'asyncpg always reuses the latest (LIFO).'),
    ...noteIf(
      draft.onRelease !== 'reset-all',
      ['onRelease'],
      'asyncpg always rolls back and runs RESET ALL (with CLOSE ALL, UNLISTEN * and pg_advisory_unlock_all) on release. DISCARD ALL would break its cache of statements.',
    ),
    ...noteIf(
      draft.checkBeforeUse !== 'never' || draft.checkIdleMs !== 30_000,
      ['checkBeforeUse', 'checkIdleMs'],
      'asyncpg does not ask the server before it hands a connection out; one that it saw close is replaced.',
    ),
    ...noteIf(draft.leakThresholdMs > 0, ['leakThresholdMs'], 'asyncpg reports no leaks.'),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...asyncpgConnectNotes(draft),
    ...resilienceNotes(
      draft,
      'asyncpg tries once and has no breaker: a failed connect is raised to the caller.',
    ),
    ...poolscopeNotes(draft),
  ];
}

export const asyncpg: Translator = {
  id: 'asyncpg',
  label: 'asyncpg',
  fileName: 'pool.py',
  to(draft) {
    const hosts = allHosts(draft);
    const address = tlsAddress(draft);
    const args: [string, string][] = [];
    if (address !== '') args.push(['dsn', python(address)]);
    if (hosts.length === 1) args.push(['host', python(draft.host)], ['port', python(draft.port)]);
    else {
      args.push(['host', `[${hosts.map(({ host }) => python(host)).join(', ')}]`]);
      args.push(['port', `[${hosts.map(({ port }) => port).join(', ')}]`]);
    }
    args.push(
      ['database', python(draft.database)],
      ['user', python(draft.user)],
      ['password', passwordFromEnvironment],
      ['min_size', python(draft.min)],
      ['max_size', python(draft.max + draft.overflow)],
      ['max_queries', python(draft.maxUses === 0 ? manyQueries : draft.maxUses)],
      ['max_inactive_connection_lifetime', python(inSeconds(draft.idleTimeoutMs))],
      ...asyncpgArguments(draft, 1),
    );
    if (draft.connectSql !== '')
      args.push(['init', `lambda connection: connection.execute(${python(draft.connectSql)})`]);
    const call = pythonCall('asyncpg.create_pool', args).trimEnd().replaceAll('\n', '\n    ');
    const text = `import os\n\nimport asyncpg\n\n\nasync def create_pool():\n    return await ${call}\n`;
    return { text, notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    // The text that `to` writes wraps the call in a function of the same name.
    const call = findCall(
      source.replace(/def create_pool\(\)/, 'def open_pool()'),
      'python',
      ['create_pool', 'Pool'],
      reader,
    );
    if (call === null) return reader;
    const rules: Rules = {
      ...asyncpgConnectRules(reader, call.resolve),
      min_size: count('min'),
      max_size: count('max'),
      max_queries: count('maxUses', 1_000_000_001),
      max_inactive_connection_lifetime: seconds('idleTimeoutMs'),
      init: (value) =>
        value.kind === 'code' && value.sql !== null
          ? { connectSql: value.sql }
          : 'Only one statement that is written out can be taken from a function.',
      setup: aside('Run each time a connection is handed out. The nearest here is Check before use.'),
      reset: aside('asyncpg runs it on release. The nearest here is On release.'),
    };
    applyRules(reader, call.entries, rules, call.resolve);
    reader.imply('min_size = 10', { min: 10 });
    reader.imply('max_size = 10', { max: 10 });
    reader.imply('max_queries = 50000', { maxUses: 50_000 });
    reader.imply('max_inactive_connection_lifetime = 300', { idleTimeoutMs: 300_000 });
    reader.imply('timeout = 60', { connectTimeoutMs: 60_000 });
    reader.imply('asyncpg has no overflow', { overflow: 0 });
    reader.imply('asyncpg has no maximum lifetime', { maxLifetimeMs: 0 });
    reader.imply('asyncpg reuses the latest', { reuseOrder: 'lifo' });
    reader.imply('asyncpg resets on release', { onRelease: 'reset-all' });
    reader.imply('asyncpg does not check before use', { checkBeforeUse: 'never' });
    return reader;
  },
};
