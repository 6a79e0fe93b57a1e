import type { ProfileDraft } from '../profile.ts';
import { asyncpgArguments, asyncpgConnectNotes, asyncpgConnectRules } from './asyncpg.ts';
import { findCall } from './calls.ts';
import { allHosts } from './hosts.ts';
import { addressRule, libpqKeywords, libpqNotes, libpqRules } from './libpq.ts';
import { noteIf, poolscopeNotes, resilienceNotes } from './own-notes.ts';
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
  textIn,
  truthIn,
} from './rules.ts';
import type { Reading, TranslationNote, Translator } from './translation.ts';

const inUrl = new Set(['host', 'port', 'dbname', 'user']);

/** What goes to the driver's own connect(). Hosts beyond the first have no place in SQLAlchemy's URL. */
function connectArguments(draft: ProfileDraft, isAsync: boolean): [string, string][] {
  const several = draft.moreHosts.length > 0;
  if (!isAsync) {
    const keywords = libpqKeywords(draft).filter(
      ([key]) => !inUrl.has(key) || (several && /^(host|port)$/.test(key)),
    );
    return keywords.map(([key, value]) => [key, python(value)]);
  }
  const hosts = allHosts(draft);
  const list: [string, string][] = several
    ? [
        ['host', `[${hosts.map(({ host }) => python(host)).join(', ')}]`],
        ['port', `[${hosts.map(({ port }) => port).join(', ')}]`],
      ]
    : [];
  return [...list, ...asyncpgArguments(draft, 2)];
}

function notes(draft: ProfileDraft, isAsync: boolean): TranslationNote[] {
  return [
    ...noteIf(
      draft.min > 0,
      ['min'],
      'SQLAlchemy opens none at start: connections come as they are needed, and stay.',
    ),
    ...noteIf(
      true,
      ['idleTimeoutMs'],
      'SQLAlchemy never closes a connection for being idle; one beyond pool_size is closed when it comes back.',
    ),
    ...noteIf(
      draft.maxLifetimeMs % 1000 !== 0,
      ['maxLifetimeMs'],
      'pool_recycle counts whole seconds: it was rounded up.',
    ),
    ...noteIf(
      true,
      ['lifetimeJitterPercent'],
      'pool_recycle has no jitter, and looks at the age only when a connection is taken.',
    ),
    ...noteIf(
      draft.maxUses > 0,
      ['maxUses'],
      'SQLAlchemy does not count uses: only pool_recycle replaces connections.',
    ),
    ...noteIf(
      draft.onRelease === 'reset-all' || draft.onRelease === 'discard-all',
      ['onRelease'],
      'SQLAlchemy rolls back; more than that takes a listener for its "reset" event.',
    ),
    ...noteIf(
      draft.checkBeforeUse === 'when-idle',
      ['checkBeforeUse', 'checkIdleMs'],
      'pool_pre_ping asks each time, not only after a rest.',
    ),
    ...noteIf(
      draft.checkBeforeUse !== 'when-idle' && draft.checkIdleMs !== 30_000,
      ['checkIdleMs'],
      'Means nothing there: pool_pre_ping asks always or never.',
    ),
    ...noteIf(
      draft.leakThresholdMs > 0,
      ['leakThresholdMs'],
      'SQLAlchemy reports no leaks; echo_pool="debug" logs each checkout.',
    ),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...noteIf(
      isAsync && (draft.tlsCaFile !== '' || draft.tlsCertFile !== ''),
      ['tlsCaFile', 'tlsCertFile', 'tlsKeyFile'],
      'Through SQLAlchemy, asyncpg takes files only as an ssl.SSLContext: pass one as "ssl", or set PGSSLROOTCERT, PGSSLCERT and PGSSLKEY.',
    ),
    ...(isAsync ? asyncpgConnectNotes(draft) : libpqNotes(draft)),
    ...resilienceNotes(
      draft,
      'SQLAlchemy tries once and has no breaker: a failed connect is raised to the caller.',
    ),
    ...poolscopeNotes(draft),
  ];
}

/** `URL.create("postgresql+psycopg", host=…)`. */
function readUrlCall(
  reader: Reader,
  entries: Parameters<typeof applyRules>[1],
  resolve: Parameters<typeof applyRules>[3],
): void {
  const rules = libpqRules(reader);
  const known: Rules = {
    '': aside('The driver is chosen by the library.'),
    drivername: aside('The driver is chosen by the library.'),
    username: rules.user ?? aside(computed),
    host: rules.host ?? aside(computed),
    port: rules.port ?? aside(computed),
    database: rules.database ?? aside(computed),
    query: (value) => {
      if (value.kind !== 'entries') return computed;
      applyRules(reader, value.entries, rules, resolve);
      return '';
    },
  };
  applyRules(reader, entries, known, resolve);
}

function read(source: string): Reading {
  const refused = unreadable(source);
  if (refused !== null) return refused;
  const reader = createReader();
  const names = [
    'create_engine',
    'create_async_engine',
    'async_engine_from_config',
    'QueuePool',
    'AsyncAdaptedQueuePool',
  ];
  const call = findCall(source, 'python', names, reader);
  if (call === null) return reader;
  const isAsync = call.name === 'create_async_engine' || /\+asyncpg/.test(source);
  const address = addressRule(reader);
  const unlimited = (key: string, word: string) =>
    `${key} = ${word} means no limit, which Poolscope does not have.`;
  const url: Rules[string] = (value, entry) => {
    if (value.kind !== 'call' || !/(^|\.)URL(\.create)?$/.test(value.name)) return address(value, entry);
    readUrlCall(reader, value.entries, call.resolve);
    return '';
  };
  const rules: Rules = {
    '': url,
    url,
    pool_size: (value, entry) =>
      numberIn(value) === 0 ? unlimited('pool_size', '0') : count('max')(value, entry),
    max_overflow: (value, entry) =>
      numberIn(value) === -1 ? unlimited('max_overflow', '-1') : count('overflow')(value, entry),
    pool_timeout: seconds('waitTimeoutMs'),
    pool_recycle: (value, entry) =>
      (numberIn(value) ?? 0) < 0 ? { maxLifetimeMs: 0 } : seconds('maxLifetimeMs')(value, entry),
    pool_pre_ping: (value) => {
      const on = truthIn(value);
      return on === null ? computed : { checkBeforeUse: on ? 'always' : 'never' };
    },
    pool_use_lifo: (value) => {
      const on = truthIn(value);
      return on === null ? computed : { reuseOrder: on ? 'lifo' : 'fifo' };
    },
    pool_reset_on_return: (value) => {
      if (value.kind === 'nothing' || truthIn(value) === false) return { onRelease: 'nothing' };
      if (textIn(value) === 'rollback' || truthIn(value) === true) return { onRelease: 'rollback' };
      return textIn(value) === 'commit' ? 'Poolscope never commits for anyone.' : computed;
    },
    connect_args: (value) => {
      if (value.kind !== 'entries') return computed;
      const inner = isAsync ? asyncpgConnectRules(reader, call.resolve) : libpqRules(reader);
      applyRules(reader, value.entries, inner, call.resolve);
      return '';
    },
    // Of QueuePool itself.
    timeout: seconds('waitTimeoutMs'),
    recycle: (value, entry) =>
      (numberIn(value) ?? 0) < 0 ? { maxLifetimeMs: 0 } : seconds('maxLifetimeMs')(value, entry),
    echo_pool: aside('The event log of a pool always holds this.'),
    echo: aside('Statements are written down when "Statements in the event log" is on.'),
    poolclass: aside('Poolscope has one kind of pool, a queue with overflow.'),
  };
  rules.pre_ping = rules.pool_pre_ping ?? aside(computed);
  applyRules(reader, call.entries, rules, call.resolve);
  const connectSql = call.listener('connect');
  if (connectSql !== null) reader.take(call.line, 'the listener for "connect"', { connectSql });
  reader.imply('pool_size = 5', { max: 5 });
  reader.imply('max_overflow = 10', { overflow: 10 });
  reader.imply('pool_timeout = 30', { waitTimeoutMs: 30_000 });
  reader.imply('pool_recycle = -1', { maxLifetimeMs: 0 });
  reader.imply('pool_pre_ping = False', { checkBeforeUse: 'never' });
  reader.imply('pool_use_lifo = False', { reuseOrder: 'fifo' });
  reader.imply('pool_reset_on_return = "rollback"', { onRelease: 'rollback' });
  reader.imply('SQLAlchemy opens none at start', { min: 0 });
  reader.imply('SQLAlchemy keeps idle connections', { idleTimeoutMs: 0 });
  reader.imply('SQLAlchemy does not count uses', { maxUses: 0 });
  return reader;
}

function engineText(draft: ProfileDraft, isAsync: boolean): string {
  const url = [
    `        ${python(isAsync ? 'postgresql+asyncpg' : 'postgresql+psycopg')},`,
    `        username=${python(draft.user)},`,
    `        password=${passwordFromEnvironment},`,
    `        host=${python(draft.host)},`,
    `        port=${draft.port},`,
    `        database=${python(draft.database)},`,
  ].join('\n');
  const call = pythonCall(isAsync ? 'create_async_engine' : 'create_engine', [
    ['', `URL.create(\n${url}\n    )`],
    ['pool_size', python(draft.max)],
    ['max_overflow', python(draft.overflow)],
    ['pool_timeout', python(inSeconds(draft.waitTimeoutMs))],
    ['pool_recycle', python(draft.maxLifetimeMs === 0 ? -1 : Math.ceil(draft.maxLifetimeMs / 1000))],
    ['pool_pre_ping', python(draft.checkBeforeUse !== 'never')],
    ['pool_use_lifo', python(draft.reuseOrder === 'lifo')],
    ['pool_reset_on_return', draft.onRelease === 'nothing' ? 'None' : '"rollback"'],
    ['connect_args', pythonDict(connectArguments(draft, isAsync), 1)],
  ]);
  const imports = isAsync
    ? 'from sqlalchemy import URL, event\nfrom sqlalchemy.ext.asyncio import create_async_engine\n'
    : 'from sqlalchemy import URL, create_engine, event\n';
  const used = draft.connectSql === '' ? imports.replace(', event', '') : imports;
  const listener =
    draft.connectSql === ''
      ? ''
      : `\n\n@event.listens_for(${isAsync ? 'engine.sync_engine' : 'engine'}, "connect")\n` +
        'def on_connect(dbapi_connection, connection_record):\n' +
        '    cursor = dbapi_connection.cursor()\n' +
        `    cursor.execute(${python(draft.connectSql)})\n` +
        '    cursor.close()\n' +
        '    dbapi_connection.commit()\n';
  return `import os\n\n${used}\nengine = ${call}${listener}`;
}

export const sqlalchemySync: Translator = {
  id: 'sqlalchemy',
  label: 'SQLAlchemy',
  fileName: 'engine.py',
  to: (draft) => ({ text: engineText(draft, false), notes: notes(draft, false) }),
  from: read,
};

export const sqlalchemyAsync: Translator = {
  id: 'sqlalchemy-async',
  label: 'SQLAlchemy (async)',
  fileName: 'engine.py',
  to: (draft) => ({ text: engineText(draft, true), notes: notes(draft, true) }),
  from: read,
};
