import type { ProfileDraft } from '../profile.ts';
import { jdbcNotes, jdbcProperties, jdbcRules, jdbcUrl, readJdbcUrl } from './jdbc.ts';
import { type KeyLine, propertiesLines, propertiesValue } from './key-lines.ts';
import { noteIf, overflowNote, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import { createReader, type Reader, unreadable } from './reader.ts';
import { applyRules, aside, computed, count, millis, type Rules, text, textIn } from './rules.ts';
import type { Reading, TranslationNote, Translator } from './translation.ts';
import { yamlLines, yamlValue } from './yaml-lines.ts';

/** HikariCP does not take shorter ones; 0 switches each of them off. */
const leastMs = {
  idleTimeoutMs: 10_000,
  maxLifetimeMs: 30_000,
  leakThresholdMs: 2000,
  waitTimeoutMs: 250,
} as const;
type LimitedField = keyof typeof leastMs;
const limited = Object.keys(leastMs) as LimitedField[];
const atLeast = (draft: ProfileDraft, field: LimitedField): number =>
  draft[field] === 0 ? 0 : Math.max(leastMs[field], draft[field]);

/** Used within this time, a connection is handed out unasked (com.zaxxer.hikari.aliveBypassWindowMs). */
const aliveBypassMs = 500;

function notes(draft: ProfileDraft): TranslationNote[] {
  const idleMatters = draft.idleTimeoutMs > 0 && draft.min < draft.max + draft.overflow;
  const checksAlike = draft.checkBeforeUse === 'when-idle' && draft.checkIdleMs === aliveBypassMs;
  return [
    ...overflowNote(draft, 'maximumPoolSize', 'idle connections go after idleTimeout instead'),
    ...noteIf(
      draft.min > 0,
      ['min'],
      'minimumIdle counts idle connections, not all: HikariCP opens more while those are in use, up to the maximum.',
    ),
    ...limited.flatMap((field) =>
      noteIf(
        draft[field] !== atLeast(draft, field),
        [field],
        `HikariCP takes no less than ${leastMs[field].toLocaleString('en-US')} ms: the text says that.`,
      ),
    ),
    ...noteIf(
      idleMatters && draft.maxLifetimeMs > 0 && draft.idleTimeoutMs + 1000 > draft.maxLifetimeMs,
      ['idleTimeoutMs'],
      'HikariCP switches idleTimeout off when it is not at least a second below maxLifetime.',
    ),
    ...noteIf(
      true,
      ['lifetimeJitterPercent'],
      'HikariCP shortens lifetimes by a share of its own, which cannot be set.',
    ),
    ...noteIf(
      draft.maxUses > 0,
      ['maxUses'],
      'HikariCP does not count uses: maxLifetime replaces connections.',
    ),
    ...noteIf(
      draft.reuseOrder === 'fifo',
      ['reuseOrder'],
      'HikariCP prefers the connection that the same thread had last; the order cannot be set.',
    ),
    ...noteIf(
      draft.onRelease !== 'rollback',
      ['onRelease'],
      'HikariCP rolls back open work and puts back what was changed through JDBC (auto-commit, read-only, isolation, schema), but runs no RESET.',
    ),
    ...noteIf(
      !checksAlike,
      ['checkBeforeUse', 'checkIdleMs'],
      'HikariCP checks each connection that was not used within the last 500 ms; the system property com.zaxxer.hikari.aliveBypassWindowMs changes that.',
    ),
    ...jdbcNotes(draft),
    ...resilienceNotes(
      draft,
      'HikariCP goes on trying to connect in the background until connectionTimeout is over; it has no breaker.',
    ),
    ...poolscopeNotes(draft),
  ];
}

function poolProperties(draft: ProfileDraft): [string, string | number][] {
  const pairs: [string, string | number][] = [
    ['minimumIdle', draft.min],
    ['maximumPoolSize', draft.max + draft.overflow],
    ['connectionTimeout', atLeast(draft, 'waitTimeoutMs')],
    ['idleTimeout', atLeast(draft, 'idleTimeoutMs')],
    ['maxLifetime', atLeast(draft, 'maxLifetimeMs')],
    ['leakDetectionThreshold', atLeast(draft, 'leakThresholdMs')],
  ];
  if (draft.connectSql !== '') pairs.push(['connectionInitSql', draft.connectSql]);
  return pairs;
}

/** "maximum-pool-size" and "maximumPoolSize" are one key to Spring Boot. */
const camel = (key: string): string =>
  key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The last part of a key under its prefix; the driver's own properties apart. */
function keyOf(written: string): { key: string; driver: boolean } {
  const bare = written.replace(/^spring\.datasource\.(hikari\.)?|^hikari\./, '');
  const driver = /^(?:dataSource|data-source-properties|dataSourceProperties)\.(.+)$/.exec(bare);
  return driver === null ? { key: camel(bare), driver: false } : { key: driver[1] ?? '', driver: true };
}

function read(lines: KeyLine[], reader: Reader): Reading {
  const sizes = lines.map((line) => ({ ...line, ...keyOf(line.key) }));
  const rules: Rules = {
    jdbcUrl: (value, entry) => readJdbcUrl(reader, textIn(value) ?? '', entry.line),
    username: text('user'),
    maximumPoolSize: count('max'),
    minimumIdle: count('min'),
    connectionTimeout: millis('waitTimeoutMs'),
    idleTimeout: millis('idleTimeoutMs'),
    maxLifetime: millis('maxLifetimeMs'),
    leakDetectionThreshold: millis('leakThresholdMs'),
    connectionInitSql: text('connectSql'),
    schema: text('searchPath'),
    poolName: aside('The name of the connection stays as it is.'),
    keepaliveTime: aside(
      'Asks idle connections this often. The nearest here are TCP keepalive and Check before use.',
    ),
    validationTimeout: aside('A check before use has the wait timeout here.'),
    connectionTestQuery: aside('A check before use is SELECT 1 here.'),
    initializationFailTimeout: aside('Connecting says at once when it fails.'),
    autoCommit: aside('Poolscope commits nothing by itself.'),
    readOnly: aside('Set Read-only of the connection, or target a standby.'),
    driverClassName: aside('Poolscope has its own driver.'),
    dataSourceClassName: aside('Poolscope has its own driver.'),
    type: aside('Poolscope has its own pool.'),
    registerMbeans: aside('Poolscope has its own metrics.'),
  };
  rules.url = rules.jdbcUrl ?? aside(computed);
  rules.user = rules.username ?? aside(computed);
  const driverRules = jdbcRules(reader);
  for (const { key, driver, value, line, key: name } of sizes) {
    const source = `${name} = ${value}`;
    if (/^\$\{.*\}$/.test(value) && !/password/i.test(key)) {
      reader.leave(line, source, computed);
      continue;
    }
    const entry = { key, value: { kind: 'text', text: value } as const, line, source };
    applyRules(reader, [entry], driver ? driverRules : rules, (given) => given);
  }
  const max = reader.settings.max ?? 10;
  reader.imply('maximumPoolSize = 10', { max });
  reader.imply('minimumIdle = maximumPoolSize', { min: max });
  reader.imply('connectionTimeout = 30000', { waitTimeoutMs: 30_000 });
  reader.imply('idleTimeout = 600000', { idleTimeoutMs: 600_000 });
  reader.imply('maxLifetime = 1800000', { maxLifetimeMs: 1_800_000 });
  reader.imply('leakDetectionThreshold = 0', { leakThresholdMs: 0 });
  reader.imply('HikariCP has no overflow', { overflow: 0 });
  reader.imply('HikariCP rolls back on release', { onRelease: 'rollback' });
  reader.imply('HikariCP checks what was not used for 500 ms', {
    checkBeforeUse: 'when-idle',
    checkIdleMs: aliveBypassMs,
  });
  reader.imply('HikariCP does not count uses', { maxUses: 0 });
  return reader;
}

export const hikaricpProperties: Translator = {
  id: 'hikaricp-properties',
  label: 'HikariCP (properties)',
  fileName: 'hikari.properties',
  to(draft) {
    const pairs: [string, string | number | boolean][] = [
      ['jdbcUrl', jdbcUrl(draft)],
      ['username', draft.user],
      ...poolProperties(draft),
      ...jdbcProperties(draft).map(([key, value]): [string, string | number | boolean] => [
        `dataSource.${key}`,
        value,
      ]),
    ];
    const body = pairs.map(([key, value]) => `${key}=${propertiesValue(String(value))}\n`).join('');
    const password = '# The password: hikariConfig.setPassword(System.getenv("PGPASSWORD"))\n';
    return { text: body.replace(/^(username=.*\n)/m, (line) => line + password), notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    return read(propertiesLines(source, reader), reader);
  },
};

export const hikaricpYaml: Translator = {
  id: 'hikaricp-yaml',
  label: 'HikariCP (Spring Boot YAML)',
  fileName: 'application.yml',
  to(draft) {
    const lines = [
      'spring:',
      '  datasource:',
      `    url: ${yamlValue(jdbcUrl(draft))}`,
      `    username: ${yamlValue(draft.user)}`,
      `    password: $\{PGPASSWORD}`,
      '    hikari:',
      ...poolProperties(draft).map(([key, value]) => `      ${kebab(key)}: ${yamlValue(value)}`),
      '      data-source-properties:',
      ...jdbcProperties(draft).map(([key, value]) => `        ${key}: ${yamlValue(value)}`),
    ];
    return { text: `${lines.join('\n')}\n`, notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    return read(yamlLines(source, reader), reader);
  },
};
