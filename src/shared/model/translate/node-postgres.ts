import type { ProfileDraft } from '../profile.ts';
import { findCall } from './calls.ts';
import { addressRule, optionsRule } from './libpq.ts';
import { noteIf, overflowNote, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import { createReader, unreadable } from './reader.ts';
import {
  applyRules,
  aside,
  computed,
  count,
  flag,
  millis,
  type Rule,
  type Rules,
  seconds,
  text,
  textIn,
  truthIn,
} from './rules.ts';
import { optionsText, serverSettings } from './server-settings.ts';
import type { TranslationNote, Translator } from './translation.ts';

const js = (value: string | number | boolean): string => JSON.stringify(value);
const file = (path: string): string => `fs.readFileSync(${js(path)}, 'utf8')`;

/** pg's own keys for what the server is told; the rest goes through `options`. */
const ownKeys = new Set(['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']);

function tlsText(draft: ProfileDraft): string {
  if (draft.tlsMode === 'disable' || draft.tlsMode === 'prefer') return 'false';
  const parts: string[] = [];
  if (draft.tlsMode === 'require') parts.push('rejectUnauthorized: false');
  if (draft.tlsMode === 'verify-ca') parts.push('checkServerIdentity: () => undefined');
  if (draft.tlsCaFile !== '') parts.push(`ca: ${file(draft.tlsCaFile)}`);
  if (draft.tlsCertFile !== '') parts.push(`cert: ${file(draft.tlsCertFile)}`);
  if (draft.tlsKeyFile !== '') parts.push(`key: ${file(draft.tlsKeyFile)}`);
  return parts.length === 0 ? 'true' : `{ ${parts.join(', ')} }`;
}

const tlsRule: Rule = (value) => {
  const on = truthIn(value);
  if (on !== null) return { tlsMode: on ? 'verify-full' : 'disable' };
  if (value.kind !== 'entries') return computed;
  const path = (key: string) => {
    const given = value.entries.find((entry) => entry.key === key)?.value;
    const first =
      given?.kind === 'call' && /readFileSync$/.test(given.name) ? given.entries[0]?.value : undefined;
    return first?.kind === 'text' ? first.text : '';
  };
  const has = (key: string) => value.entries.some((entry) => entry.key === key);
  const unchecked = value.entries.some(
    ({ key, value: given }) => key === 'rejectUnauthorized' && given.kind === 'truth' && !given.truth,
  );
  const tlsMode = unchecked ? 'require' : has('checkServerIdentity') ? 'verify-ca' : 'verify-full';
  return { tlsMode, tlsCaFile: path('ca'), tlsCertFile: path('cert'), tlsKeyFile: path('key') };
};

function notes(draft: ProfileDraft): TranslationNote[] {
  const encrypted = draft.tlsMode !== 'disable' && draft.tlsMode !== 'prefer';
  return [
    ...overflowNote(draft, 'max', 'idle connections go after idleTimeoutMillis instead'),
    ...noteIf(draft.min > 0, ['min'], 'pg keeps this many from idling out, but opens none at start.'),
    ...noteIf(
      draft.moreHosts.length > 0 || draft.targetSessionAttrs !== 'any',
      ['moreHosts', 'targetSessionAttrs'],
      'pg connects to one host: the others, and which of them will do, are left out.',
    ),
    ...noteIf(
      draft.tlsMode === 'prefer',
      ['tlsMode'],
      'pg cannot fall back: the text says ssl: false. For encryption use { rejectUnauthorized: false }, or true to check the certificate as well.',
    ),
    ...noteIf(
      !encrypted && (draft.tlsNegotiation === 'direct' || draft.tlsCaFile !== '' || draft.tlsCertFile !== ''),
      ['tlsNegotiation', 'tlsCaFile', 'tlsCertFile', 'tlsKeyFile'],
      'Means nothing without TLS.',
    ),
    ...noteIf(
      true,
      ['connectTimeoutMs'],
      'pg has one connectionTimeoutMillis for waiting and for connecting; the text holds the wait timeout.',
    ),
    ...noteIf(true, ['lifetimeJitterPercent'], 'maxLifetimeSeconds has no jitter.'),
    ...noteIf(draft.reuseOrder === 'fifo', ['reuseOrder'], 'pg always reuses the latest (LIFO).'),
    ...noteIf(
      draft.onRelease !== 'nothing',
      ['onRelease'],
      'pg leaves a connection as it was: roll back or reset before client.release(), or release(true) to close it.',
    ),
    ...noteIf(
      draft.checkBeforeUse !== 'never' || draft.checkIdleMs !== 30_000,
      ['checkBeforeUse', 'checkIdleMs'],
      'pg does not check a connection before it hands it out.',
    ),
    ...noteIf(draft.leakThresholdMs > 0, ['leakThresholdMs'], 'pg reports no leaks.'),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...resilienceNotes(draft, 'pg tries once and has no breaker: a failed connect is raised to the caller.'),
    ...poolscopeNotes(draft),
  ];
}

export const nodePostgres: Translator = {
  id: 'node-postgres',
  label: 'node-postgres',
  fileName: 'pool.mjs',
  to(draft) {
    const settings = serverSettings(draft);
    const options = optionsText(settings.filter(({ name }) => !ownKeys.has(name)));
    const tls = tlsText(draft);
    const pairs: [string, string][] = [
      ['host', js(draft.host)],
      ['port', js(draft.port)],
      ['database', js(draft.database)],
      ['user', js(draft.user)],
      ['password', 'process.env.PGPASSWORD'],
      ['application_name', js(draft.applicationName)],
      ['ssl', tls],
      ['min', js(draft.min)],
      ['max', js(draft.max + draft.overflow)],
      ['connectionTimeoutMillis', js(draft.waitTimeoutMs)],
      ['idleTimeoutMillis', js(draft.idleTimeoutMs)],
      ['maxLifetimeSeconds', js(draft.maxLifetimeMs / 1000)],
      ['maxUses', draft.maxUses === 0 ? 'Infinity' : js(draft.maxUses)],
      ['query_timeout', js(draft.queryTimeoutMs)],
      ['statement_timeout', js(draft.statementTimeoutMs)],
      ['lock_timeout', js(draft.lockTimeoutMs)],
      ['idle_in_transaction_session_timeout', js(draft.idleInTransactionTimeoutMs)],
      ['keepAlive', js(draft.keepAlive)],
      ['keepAliveInitialDelayMillis', js(draft.keepAliveDelayMs)],
    ];
    if (draft.tlsNegotiation === 'direct' && tls !== 'false') pairs.push(['sslnegotiation', js('direct')]);
    if (options !== '') pairs.push(['options', js(options)]);
    if (draft.connectSql !== '')
      pairs.push(['onConnect', `(client) => client.query(${js(draft.connectSql)})`]);
    const imports = tls.includes('fs.') ? "import fs from 'node:fs';\n" : '';
    const body = pairs.map(([key, value]) => `  ${key}: ${value},\n`).join('');
    return {
      text: `${imports}import { Pool } from 'pg';\n\nexport const pool = new Pool({\n${body}});\n`,
      notes: notes(draft),
    };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    const call = findCall(source, 'javascript', ['Pool', 'BoundPool'], reader);
    if (call === null) return reader;
    const [first] = call.entries;
    const given = first?.key === null && call.entries.length === 1 ? call.resolve(first.value) : null;
    const entries = given?.kind === 'entries' ? given.entries : call.entries;
    const address = addressRule(reader);
    const serverTimeout =
      (field: 'statementTimeoutMs' | 'lockTimeoutMs' | 'idleInTransactionTimeoutMs'): Rule =>
      (value, entry) =>
        value.kind === 'truth' && !value.truth ? { [field]: 0 } : millis(field)(value, entry);
    const rules: Rules = {
      '': (value, entry) => (value.kind === 'text' ? address(value, entry) : computed),
      connectionString: address,
      host: text('host'),
      port: count('port'),
      database: text('database'),
      user: text('user'),
      application_name: text('applicationName'),
      ssl: tlsRule,
      sslnegotiation: (value) => ({ tlsNegotiation: textIn(value) === 'direct' ? 'direct' : 'postgres' }),
      min: count('min'),
      max: count('max'),
      poolSize: count('max'),
      connectionTimeoutMillis: (value, entry) =>
        value.kind === 'number' && value.number === 0
          ? '0 means to wait without end, which Poolscope does not.'
          : millis('waitTimeoutMs')(value, entry),
      idleTimeoutMillis: millis('idleTimeoutMs'),
      maxLifetimeSeconds: seconds('maxLifetimeMs'),
      maxUses: count('maxUses', Number.POSITIVE_INFINITY),
      query_timeout: millis('queryTimeoutMs'),
      statement_timeout: serverTimeout('statementTimeoutMs'),
      lock_timeout: serverTimeout('lockTimeoutMs'),
      idle_in_transaction_session_timeout: serverTimeout('idleInTransactionTimeoutMs'),
      keepAlive: flag('keepAlive'),
      keepAliveInitialDelayMillis: millis('keepAliveDelayMs'),
      options: optionsRule(reader),
      onConnect: (value) =>
        value.kind === 'code' && value.sql !== null
          ? { connectSql: value.sql }
          : 'Only one statement that is written out can be taken from a function.',
      verify: aside('Run once on each new connection. The nearest here is SQL on each new connection.'),
      allowExitOnIdle: aside('Poolscope ends when you close it.'),
      Client: aside('That is for your code.'),
    };
    applyRules(reader, entries, rules, call.resolve);
    reader.imply('min = 0', { min: 0 });
    reader.imply('max = 10', { max: 10 });
    reader.imply('idleTimeoutMillis = 10000', { idleTimeoutMs: 10_000 });
    reader.imply('maxLifetimeSeconds = 0', { maxLifetimeMs: 0 });
    reader.imply('maxUses = Infinity', { maxUses: 0 });
    reader.imply('keepAlive = false', { keepAlive: false });
    reader.imply('pg has no overflow', { overflow: 0 });
    reader.imply('pg reuses the latest', { reuseOrder: 'lifo' });
    reader.imply('pg leaves connections as they were', { onRelease: 'nothing' });
    reader.imply('pg does not check before use', { checkBeforeUse: 'never' });
    return reader;
  },
};
