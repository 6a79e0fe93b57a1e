import type { ProfileDraft } from '../profile.ts';
import { findCall } from './calls.ts';
import { addressRule, libpqKeywords, libpqNotes, libpqRules } from './libpq.ts';
import { noteIf, overflowNote, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import {
  inSeconds,
  passwordFromEnvironment,
  python,
  pythonCall,
  pythonDict,
  tenYearsSeconds,
} from './python-text.ts';
import { createReader, unreadable } from './reader.ts';
import { applyRules, aside, computed, count, type Rules, seconds } from './rules.ts';
import type { TranslationNote, Translator } from './translation.ts';

const never = (ms: number): string => python(ms === 0 ? tenYearsSeconds : inSeconds(ms));

/** A function of one connection that runs one statement and leaves no transaction behind. */
const functionText = (name: string, sql: string): string =>
  `def ${name}(connection):\n    connection.execute(${python(sql)})\n    connection.commit()\n\n\n`;

function notes(draft: ProfileDraft): TranslationNote[] {
  return [
    ...overflowNote(draft, 'max_size', 'connections above min_size go after max_idle instead'),
    ...noteIf(
      draft.idleTimeoutMs === 0 || draft.maxLifetimeMs === 0,
      ['idleTimeoutMs', 'maxLifetimeMs'],
      'psycopg_pool has no word for "never": the text says ten years.',
    ),
    ...noteIf(
      true,
      ['lifetimeJitterPercent'],
      'psycopg_pool shortens each lifetime by a share of its own, up to 10 %; it cannot be set.',
    ),
    ...noteIf(
      draft.maxUses > 0,
      ['maxUses'],
      'psycopg_pool does not count uses: max_lifetime replaces connections.',
    ),
    ...noteIf(
      draft.reuseOrder === 'lifo',
      ['reuseOrder'],
      'psycopg_pool always hands out the longest at rest (FIFO).',
    ),
    ...noteIf(
      draft.onRelease === 'nothing',
      ['onRelease'],
      'psycopg_pool always rolls back a connection that comes back inside a transaction.',
    ),
    ...noteIf(
      draft.onRelease === 'discard-all',
      ['onRelease'],
      "DISCARD ALL refuses to run inside a transaction: the text sets autocommit for it, and psycopg's prepared statements are lost each time.",
    ),
    ...noteIf(
      draft.checkBeforeUse === 'when-idle',
      ['checkBeforeUse', 'checkIdleMs'],
      'check asks each time, not only after a rest.',
    ),
    ...noteIf(
      draft.checkBeforeUse !== 'when-idle' && draft.checkIdleMs !== 30_000,
      ['checkIdleMs'],
      'Means nothing there: check asks always or never.',
    ),
    ...noteIf(draft.leakThresholdMs > 0, ['leakThresholdMs'], 'psycopg_pool reports no leaks.'),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...libpqNotes(draft),
    ...resilienceNotes(
      draft,
      'psycopg_pool retries in the background with a growing delay, for up to reconnect_timeout (300 s); it has no breaker.',
    ),
    ...poolscopeNotes(draft),
  ];
}

export const psycopgPool: Translator = {
  id: 'psycopg-pool',
  label: 'psycopg_pool',
  fileName: 'pool.py',
  to(draft) {
    const keywords = libpqKeywords(draft).map(([key, value]): [string, string] => [key, python(value)]);
    keywords.splice(4, 0, ['password', passwordFromEnvironment]);
    const args: [string, string][] = [
      ['kwargs', pythonDict(keywords, 1)],
      ['min_size', python(draft.min)],
      ['max_size', python(draft.max + draft.overflow)],
      ['timeout', python(inSeconds(draft.waitTimeoutMs))],
      ['max_idle', never(draft.idleTimeoutMs)],
      ['max_lifetime', never(draft.maxLifetimeMs)],
    ];
    if (draft.checkBeforeUse !== 'never') args.push(['check', 'ConnectionPool.check_connection']);
    let functions = '';
    if (draft.connectSql !== '') {
      functions += functionText('configure', draft.connectSql);
      args.push(['configure', 'configure']);
    }
    if (draft.onRelease === 'reset-all') functions += functionText('reset', 'RESET ALL');
    if (draft.onRelease === 'discard-all')
      functions +=
        'def reset(connection):\n    connection.autocommit = True\n' +
        '    connection.execute("DISCARD ALL")\n    connection.autocommit = False\n\n\n';
    if (/-all$/.test(draft.onRelease)) args.push(['reset', 'reset']);
    args.push(['open', 'True']);
    const space = functions === '' ? '' : '\n';
    const text = `import os\n\nfrom psycopg_pool import ConnectionPool\n\n${space}${functions}pool = ${pythonCall('ConnectionPool', args)}`;
    return { text, notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    const names = ['ConnectionPool', 'AsyncConnectionPool', 'NullConnectionPool', 'AsyncNullConnectionPool'];
    const call = findCall(source, 'python', names, reader);
    if (call === null) return reader;
    const address = addressRule(reader);
    const rules: Rules = {
      '': address,
      conninfo: address,
      kwargs: (value) => {
        if (value.kind !== 'entries') return computed;
        applyRules(reader, value.entries, libpqRules(reader), call.resolve);
        return '';
      },
      min_size: count('min'),
      max_size: (value, entry) =>
        value.kind === 'nothing' ? { max: reader.settings.min ?? 4 } : count('max')(value, entry),
      timeout: seconds('waitTimeoutMs'),
      max_idle: seconds('idleTimeoutMs', tenYearsSeconds),
      max_lifetime: seconds('maxLifetimeMs', tenYearsSeconds),
      check: (value) => ({ checkBeforeUse: value.kind === 'nothing' ? 'never' : 'always' }),
      configure: (value) =>
        value.kind === 'code' && value.sql !== null
          ? { connectSql: value.sql }
          : 'Only one statement that is written out can be taken from a function.',
      reset: (value) => {
        const sql = value.kind === 'code' ? (value.sql ?? '').replace(/;\s*$/, '').trim().toUpperCase() : '';
        if (sql === 'RESET ALL') return { onRelease: 'reset-all' };
        if (sql === 'DISCARD ALL') return { onRelease: 'discard-all' };
        return 'Only RESET ALL and DISCARD ALL can be run on release here.';
      },
      open: aside('A pool opens when you connect.'),
      max_waiting: aside('Poolscope sets no limit to how many wait.'),
      reconnect_timeout: aside('Poolscope counts retries instead of time: see Retries.'),
      num_workers: aside('Poolscope needs no workers.'),
      connection_class: aside('That is for your code.'),
    };
    applyRules(reader, call.entries, rules, call.resolve);
    reader.imply('min_size = 4', { min: 4 });
    reader.imply('max_size = None, the same as min_size', {
      max: Math.max(1, reader.settings.min ?? reader.implied.settings.min ?? 4),
    });
    reader.imply('timeout = 30', { waitTimeoutMs: 30_000 });
    reader.imply('max_idle = 600', { idleTimeoutMs: 600_000 });
    reader.imply('max_lifetime = 3600', { maxLifetimeMs: 3_600_000 });
    reader.imply('psycopg_pool has no overflow', { overflow: 0 });
    reader.imply('psycopg_pool hands out the longest at rest', { reuseOrder: 'fifo' });
    reader.imply('psycopg_pool rolls back on release', { onRelease: 'rollback' });
    reader.imply('check = None', { checkBeforeUse: 'never' });
    reader.imply('psycopg_pool does not count uses', { maxUses: 0 });
    return reader;
  },
};
