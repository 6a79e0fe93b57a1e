import { tlsModes } from '../profile/tls.ts';
import type { ProfileDraft } from '../profile.ts';
import { allHosts, hostSettings } from './hosts.ts';
import { iniLines } from './key-lines.ts';
import { noteIf, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import { inSeconds, tenYearsSeconds } from './python-text.ts';
import { createReader, unreadable } from './reader.ts';
import {
  applyRules,
  aside,
  computed,
  count,
  flag,
  numberIn,
  ownPassword,
  type Rules,
  seconds,
  text,
  textIn,
} from './rules.ts';
import type { TranslationNote, Translator } from './translation.ts';

/** A value in a connection string of [databases]. */
const quoted = (value: string): string =>
  /^[\w./:,@-]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;

const resetQueries: Record<ProfileDraft['onRelease'], string> = {
  nothing: '',
  rollback: 'ROLLBACK',
  'reset-all': 'RESET ALL',
  'discard-all': 'DISCARD ALL',
};

const oneLine = (sql: string): string => sql.replaceAll(/\s*\n\s*/g, ' ').trim();

function notes(draft: ProfileDraft): TranslationNote[] {
  const ports = new Set(allHosts(draft).map(({ port }) => port));
  return [
    ...noteIf(
      draft.overflow > 0,
      ['overflow'],
      'reserve_pool_size is the nearest: its connections open once a client has waited for reserve_pool_timeout (1 s), and go when idle, not on return.',
    ),
    ...noteIf(
      draft.min > 0,
      ['min'],
      'min_pool_size holds as long as a user is named for the database, as in the text.',
    ),
    ...noteIf(
      draft.moreHosts.length > 0,
      ['moreHosts'],
      `PgBouncer takes the hosts in turn instead of the first that answers${ports.size > 1 ? ', and one port for all of them' : ''}; load_balance_hosts = disable (1.24) keeps to one.`,
    ),
    ...noteIf(
      draft.targetSessionAttrs !== 'any',
      ['targetSessionAttrs'],
      'PgBouncer does not ask which role a server has.',
    ),
    ...noteIf(
      draft.applicationName !== 'Poolscope',
      ['applicationName'],
      'PgBouncer passes on the application name of each client.',
    ),
    ...noteIf(
      draft.tlsNegotiation === 'direct',
      ['tlsNegotiation'],
      'PgBouncer asks for TLS in the usual way.',
    ),
    ...noteIf(
      true,
      ['lifetimeJitterPercent'],
      'server_lifetime has no jitter; PgBouncer spreads the closing of old connections by itself.',
    ),
    ...noteIf(
      draft.maxLifetimeMs === 0 && draft.maxUses !== 1,
      ['maxLifetimeMs'],
      'server_lifetime = 0 would close a connection after one use: the text says ten years.',
    ),
    ...noteIf(
      draft.maxUses > 0,
      draft.maxUses === 1 ? ['maxUses', 'maxLifetimeMs'] : ['maxUses'],
      draft.maxUses === 1
        ? 'One use is server_lifetime = 0, whatever the lifetime.'
        : 'PgBouncer does not count uses: server_lifetime replaces connections.',
    ),
    ...noteIf(
      draft.connectTimeoutMs === 0,
      ['connectTimeoutMs'],
      'Left out: PgBouncer then gives up after 15 s.',
    ),
    ...noteIf(
      draft.statementTimeoutMs > 0 ||
        draft.lockTimeoutMs > 0 ||
        draft.searchPath !== '' ||
        draft.role !== '' ||
        draft.parameters.length > 0,
      ['statementTimeoutMs', 'lockTimeoutMs', 'searchPath', 'role', 'parameters'],
      'PgBouncer sets nothing of this on its servers, and a reset would undo it: use ALTER ROLE … SET.',
    ),
    ...noteIf(
      draft.idleInTransactionTimeoutMs > 0,
      ['idleInTransactionTimeoutMs'],
      'idle_transaction_timeout is of PgBouncer, not of the server: it disconnects the client.',
    ),
    ...noteIf(draft.leakThresholdMs > 0, ['leakThresholdMs'], 'PgBouncer reports no leaks.'),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...noteIf(
      draft.checkBeforeUse !== 'when-idle',
      ['checkIdleMs'],
      'Means nothing there: server_check_delay is 0 or unused.',
    ),
    ...noteIf(/\n/.test(draft.connectSql), ['connectSql'], 'It was put on one line.'),
    ...noteIf(!draft.keepAlive, ['keepAliveDelayMs'], 'Means nothing while TCP keepalive is off.'),
    ...noteIf(
      draft.keepAlive && draft.keepAliveDelayMs % 1000 !== 0,
      ['keepAliveDelayMs'],
      'PgBouncer counts whole seconds: it was rounded up.',
    ),
    ...resilienceNotes(
      draft,
      'PgBouncer tries again every server_login_retry (15 s) and fails clients fast meanwhile; it has no breaker.',
    ),
    ...poolscopeNotes(draft),
  ];
}

function databaseLine(draft: ProfileDraft): string {
  const name = /^\w+$/.test(draft.database) ? draft.database : `"${draft.database.replaceAll('"', '""')}"`;
  const pairs: [string, string][] = [
    [
      'host',
      allHosts(draft)
        .map(({ host }) => host)
        .join(','),
    ],
    ['port', String(draft.port)],
    ['dbname', draft.database],
    ['user', draft.user],
    ['timezone', draft.timeZone],
    ['connect_query', oneLine(draft.connectSql)],
  ];
  const written = pairs.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${quoted(value)}`);
  return `${name} = ${written.join(' ')}`;
}

export const pgbouncer: Translator = {
  id: 'pgbouncer',
  label: 'PgBouncer',
  fileName: 'pgbouncer.ini',
  to(draft) {
    const lifetime =
      draft.maxUses === 1 ? 0 : draft.maxLifetimeMs === 0 ? tenYearsSeconds : inSeconds(draft.maxLifetimeMs);
    const pairs: [string, string | number][] = [
      ['pool_mode', 'session'],
      ['default_pool_size', draft.max],
      ['min_pool_size', draft.min],
      ['reserve_pool_size', draft.overflow],
      ['reserve_pool_timeout', 1],
      ['server_round_robin', draft.reuseOrder === 'fifo' ? 1 : 0],
      ['query_wait_timeout', inSeconds(draft.waitTimeoutMs)],
      ...(draft.connectTimeoutMs > 0
        ? [['server_connect_timeout', inSeconds(draft.connectTimeoutMs)] as [string, number]]
        : []),
      ['server_idle_timeout', inSeconds(draft.idleTimeoutMs)],
      ['server_lifetime', lifetime],
      ['query_timeout', inSeconds(draft.queryTimeoutMs)],
      ['idle_transaction_timeout', inSeconds(draft.idleInTransactionTimeoutMs)],
      ['server_reset_query', resetQueries[draft.onRelease]],
      ['server_check_query', draft.checkBeforeUse === 'never' ? '' : 'select 1'],
      ['server_check_delay', draft.checkBeforeUse === 'when-idle' ? inSeconds(draft.checkIdleMs) : 0],
      ['tcp_keepalive', draft.keepAlive ? 1 : 0],
      ...(draft.keepAlive
        ? [['tcp_keepidle', Math.ceil(draft.keepAliveDelayMs / 1000)] as [string, number]]
        : []),
      ['server_tls_sslmode', draft.tlsMode],
      ['server_tls_ca_file', draft.tlsCaFile],
      ['server_tls_cert_file', draft.tlsCertFile],
      ['server_tls_key_file', draft.tlsKeyFile],
    ];
    const lines = pairs
      .filter(([key, value]) => value !== '' || /_query$/.test(key))
      .map(([key, value]) => `${key} = ${value}`.trimEnd());
    const text = `[databases]\n; The password comes from auth_file.\n${databaseLine(draft)}\n\n[pgbouncer]\n${lines.join('\n')}\n`;
    return { text, notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    const ofClients = aside('It is about the clients of PgBouncer.');
    const databaseRules: Rules = {
      dbname: text('database'),
      user: text('user'),
      timezone: text('timeZone'),
      connect_query: text('connectSql'),
      pool_size: count('max'),
      min_pool_size: count('min'),
      reserve_pool: count('overflow'),
      reserve_pool_size: count('overflow'),
      query_wait_timeout: seconds('waitTimeoutMs'),
      server_lifetime: seconds('maxLifetimeMs', tenYearsSeconds),
      pool_mode: aside('A pool here gives a connection to one holder at a time.'),
      client_encoding: aside('Poolscope always uses UTF-8.'),
    };
    const rules: Rules = {
      default_pool_size: (value, entry) =>
        reader.settings.max === undefined
          ? count('max')(value, entry)
          : 'The database has a pool_size of its own.',
      min_pool_size: (value, entry) =>
        reader.settings.min === undefined
          ? count('min')(value, entry)
          : 'The database has a min_pool_size of its own.',
      reserve_pool_size: (value, entry) =>
        reader.settings.overflow === undefined
          ? count('overflow')(value, entry)
          : 'The database has a reserve_pool_size of its own.',
      server_round_robin: (value) => ({ reuseOrder: numberIn(value) === 1 ? 'fifo' : 'lifo' }),
      query_wait_timeout: (value, entry) =>
        numberIn(value) === 0
          ? '0 means to wait without end, which Poolscope does not.'
          : seconds('waitTimeoutMs')(value, entry),
      server_connect_timeout: seconds('connectTimeoutMs'),
      server_idle_timeout: seconds('idleTimeoutMs'),
      server_lifetime: (value, entry) =>
        numberIn(value) === 0 ? { maxUses: 1 } : seconds('maxLifetimeMs', tenYearsSeconds)(value, entry),
      query_timeout: seconds('queryTimeoutMs'),
      idle_transaction_timeout: seconds('idleInTransactionTimeoutMs'),
      server_reset_query: (value) => {
        const sql = (textIn(value) ?? '').replace(/;\s*$/, '').trim().toUpperCase();
        const found = Object.entries(resetQueries).find(([, query]) => query === sql);
        return found === undefined
          ? 'Only ROLLBACK, RESET ALL and DISCARD ALL can be run on release here.'
          : { onRelease: found[0] as ProfileDraft['onRelease'] };
      },
      server_check_delay: aside(computed),
      server_check_query: aside(computed),
      tcp_keepalive: flag('keepAlive'),
      tcp_keepidle: seconds('keepAliveDelayMs'),
      server_tls_sslmode: (value) => {
        const written = textIn(value) === 'allow' ? 'prefer' : textIn(value);
        const found = tlsModes.find((mode) => mode === written);
        return found === undefined ? `It must be one of ${tlsModes.join(', ')}.` : { tlsMode: found };
      },
      server_tls_ca_file: text('tlsCaFile'),
      server_tls_cert_file: text('tlsCertFile'),
      server_tls_key_file: text('tlsKeyFile'),
      pool_mode: aside('A pool here gives a connection to one holder at a time, as session does.'),
      reserve_pool_timeout: aside('Overflow opens at once here.'),
      server_login_retry: aside('See Retries and Retry delay.'),
      max_client_conn: ofClients,
      listen_addr: ofClients,
      listen_port: ofClients,
      auth_type: ofClients,
      auth_file: ofClients,
      client_idle_timeout: ofClients,
      ignore_startup_parameters: ofClients,
    };
    const lines = iniLines(source, reader);
    const databases = lines.filter(({ section }) => section === 'databases');
    for (const [i, { key, value, line }] of databases.entries()) {
      if (i > 0)
        reader.leave(
          line,
          `${key} = …`,
          'One database makes one connection here: paste this line alone for another.',
        );
      else readDatabase(key, value, line);
    }
    // The check is two settings there and two others here, so they are read together.
    const check = { query: 'select 1', delay: '30', line: 0 };
    for (const { section, key, value, line } of lines) {
      if (section === 'databases') continue;
      if (key === 'server_check_query' || key === 'server_check_delay') {
        check[key === 'server_check_query' ? 'query' : 'delay'] = value.trim();
        check.line = line;
        continue;
      }
      if (section !== '' && section !== 'pgbouncer')
        reader.leave(
          line,
          `${key} = ${value}`,
          'Only [databases] and [pgbouncer] say something about a pool.',
        );
      else
        applyRules(
          reader,
          [{ key, value: { kind: 'text', text: value }, line, source: `${key} = ${value}` }],
          rules,
          (given) => given,
        );
    }
    const checkSettings =
      check.query === ''
        ? ({ checkBeforeUse: 'never' } as const)
        : Number(check.delay) === 0
          ? ({ checkBeforeUse: 'always' } as const)
          : ({ checkBeforeUse: 'when-idle', checkIdleMs: Math.round(Number(check.delay) * 1000) } as const);
    if (check.line > 0) reader.take(check.line, 'server_check_query, server_check_delay', checkSettings);
    else reader.imply('server_check_delay = 30', checkSettings);
    reader.imply('default_pool_size = 20', { max: 20 });
    reader.imply('min_pool_size = 0', { min: 0 });
    reader.imply('reserve_pool_size = 0', { overflow: 0 });
    reader.imply('query_wait_timeout = 120', { waitTimeoutMs: 120_000 });
    reader.imply('server_connect_timeout = 15', { connectTimeoutMs: 15_000 });
    reader.imply('server_idle_timeout = 600', { idleTimeoutMs: 600_000 });
    if (reader.settings.maxUses === undefined)
      reader.imply('server_lifetime = 3600', { maxLifetimeMs: 3_600_000 });
    reader.imply('server_reset_query = DISCARD ALL', { onRelease: 'discard-all' });
    reader.imply('server_round_robin = 0', { reuseOrder: 'lifo' });
    return reader;

    function readDatabase(name: string, value: string, line: number): void {
      const pairs = [...value.matchAll(/(\w+)\s*=\s*(?:'((?:[^']|'')*)'|(\S*))/g)].map(
        ([found, key = '', inQuotes, plain = '']) => ({
          key,
          source: found,
          text: inQuotes?.replaceAll("''", "'") ?? plain,
        }),
      );
      const given = Object.fromEntries(pairs.map(({ key, text: written }) => [key, written]));
      const target = hostSettings(
        (given.host ?? '').split(',').filter(Boolean),
        given.port === undefined ? [] : [Number(given.port)],
      );
      const database = given.dbname ?? name.replaceAll(/^"|"$/g, '').replaceAll('""', '"');
      if (typeof target === 'string')
        reader.leave(line, `${name} = …`, 'No host is named: PgBouncer then uses a Unix socket.');
      else reader.take(line, `host=${given.host} port=${given.port ?? 5432}`, target);
      if (name !== '*' && given.dbname === undefined) reader.take(line, name, { database });
      for (const { key, source: written, text: content } of pairs) {
        if (key === 'host' || key === 'port') continue;
        if (key === 'password') reader.leave(line, 'password', ownPassword);
        else
          applyRules(
            reader,
            [{ key, value: { kind: 'text', text: content }, line, source: written }],
            databaseRules,
            (v) => v,
          );
      }
    }
  },
};
