import type { ProfileDraft } from '../profile.ts';
import { findCall } from './calls.ts';
import { addressRule, libpqKeywords, libpqNotes, libpqRules } from './libpq.ts';
import { noteIf, poolscopeNotes, resilienceNotes } from './own-notes.ts';
import { passwordFromEnvironment, python, pythonCall } from './python-text.ts';
import { createReader, unreadable } from './reader.ts';
import { applyRules, numberIn, type Rules } from './rules.ts';
import type { TranslationNote, Translator } from './translation.ts';

/*
 * psycopg2's pools keep at most `minconn` at rest and close what comes back beyond them, so minconn
 * is both Poolscope's minimum (opened at start) and its maximum (kept), and the rest is overflow.
 */

function notes(draft: ProfileDraft): TranslationNote[] {
  return [
    ...noteIf(
      draft.min < draft.max || draft.overflow > 0,
      ['max', 'overflow'],
      `psycopg2 keeps no more than minconn (${draft.min}) at rest: whatever comes back beyond that is closed.`,
    ),
    ...noteIf(
      true,
      ['waitTimeoutMs'],
      'psycopg2 does not wait: when maxconn are taken, getconn() raises PoolError at once.',
    ),
    ...noteIf(true, ['idleTimeoutMs'], 'psycopg2 never closes a connection for being idle.'),
    ...noteIf(
      true,
      ['maxLifetimeMs', 'lifetimeJitterPercent', 'maxUses'],
      'psycopg2 never replaces a connection for its age or use.',
    ),
    ...noteIf(draft.reuseOrder === 'fifo', ['reuseOrder'], 'psycopg2 always reuses the latest (LIFO).'),
    ...noteIf(
      draft.onRelease !== 'rollback',
      ['onRelease'],
      'psycopg2 rolls back what comes back inside a transaction, and does nothing else.',
    ),
    ...noteIf(
      draft.checkBeforeUse !== 'never' || draft.checkIdleMs !== 30_000,
      ['checkBeforeUse', 'checkIdleMs'],
      'psycopg2 does not check a connection before it hands it out.',
    ),
    ...noteIf(
      draft.connectSql !== '',
      ['connectSql'],
      'psycopg2 runs nothing on a new connection: use ALTER ROLE … SET.',
    ),
    ...noteIf(draft.leakThresholdMs > 0, ['leakThresholdMs'], 'psycopg2 reports no leaks.'),
    ...noteIf(draft.leakThresholdMs === 0, ['leakThresholdMs'], 'Off here, as there.'),
    ...libpqNotes(draft),
    ...resilienceNotes(
      draft,
      'psycopg2 tries once and has no breaker: a failed connect is raised to the caller.',
    ),
    ...poolscopeNotes(draft),
  ];
}

export const psycopg2: Translator = {
  id: 'psycopg2',
  label: 'psycopg2',
  fileName: 'pool.py',
  to(draft) {
    const keywords = libpqKeywords(draft).map(([key, value]): [string, string] => [key, python(value)]);
    keywords.splice(4, 0, ['password', passwordFromEnvironment]);
    const args: [string, string][] = [
      ['minconn', python(draft.min)],
      ['maxconn', python(draft.max + draft.overflow)],
      ...keywords,
    ];
    const text = `import os\n\nfrom psycopg2.pool import ThreadedConnectionPool\n\npool = ${pythonCall('ThreadedConnectionPool', args)}`;
    return { text, notes: notes(draft) };
  },
  from(source) {
    const refused = unreadable(source);
    if (refused !== null) return refused;
    const reader = createReader();
    const names = [
      'ThreadedConnectionPool',
      'SimpleConnectionPool',
      'PersistentConnectionPool',
      'AbstractConnectionPool',
    ];
    const call = findCall(source, 'python', names, reader);
    if (call === null) return reader;
    const address = addressRule(reader);
    // minconn and maxconn may come without their names, before the address.
    const positions = ['minconn', 'maxconn', 'dsn'];
    const entries = call.entries.map((entry, i) =>
      entry.key === null ? { ...entry, key: positions[i] ?? '' } : entry,
    );
    const size = (key: string) => {
      const entry = entries.find((one) => one.key === key);
      return entry === undefined ? null : numberIn(call.resolve(entry.value));
    };
    const minconn = size('minconn');
    const rules: Rules = {
      ...libpqRules(reader),
      dsn: address,
      minconn: (value) => {
        const number = numberIn(value);
        return number === null
          ? 'Its value is only known where the text runs.'
          : { min: number, max: Math.max(1, number) };
      },
      maxconn: (value) => {
        const number = numberIn(value);
        if (number === null || minconn === null) return 'Its value is only known where the text runs.';
        return { overflow: number - Math.max(1, minconn) };
      },
    };
    applyRules(reader, entries, rules, call.resolve);
    reader.imply('psycopg2 keeps idle connections', { idleTimeoutMs: 0 });
    reader.imply('psycopg2 knows no age', { maxLifetimeMs: 0, maxUses: 0 });
    reader.imply('psycopg2 reuses the latest', { reuseOrder: 'lifo' });
    reader.imply('psycopg2 rolls back on release', { onRelease: 'rollback' });
    reader.imply('psycopg2 does not check before use', { checkBeforeUse: 'never' });
    return reader;
  },
};
