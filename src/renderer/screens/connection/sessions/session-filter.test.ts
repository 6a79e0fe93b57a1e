import { describe, expect, it } from 'vitest';
import type { Session } from '#shared/model/sessions/session.ts';
import { countBy, matchesShown, noFilter, suggestionsOf, withCondition } from './session-filter.ts';

const nowMs = 10_000_000;
const minute = 60_000;

const session = (change: Partial<Session> = {}): Session => ({
  pid: 1,
  backendStartUs: 1,
  kind: 'client',
  backendType: 'client backend',
  leaderPid: null,
  database: 'shop',
  user: 'app',
  application: 'billing',
  clientAddress: '10.0.0.1',
  clientPort: 5000,
  state: 'idle',
  waitEventType: 'Client',
  waitEvent: 'ClientRead',
  xactStartMs: null,
  queryStartMs: null,
  stateChangeMs: nowMs - minute,
  queryId: null,
  query: 'UPDATE Orders SET paid = true',
  visible: true,
  ...change,
});
const idleInTransaction = (application: string, minutes: number) =>
  session({ application, state: 'idleInTransaction', stateChangeMs: nowMs - minutes * minute });

describe('what the table of sessions shows', () => {
  it('is client sessions, and the processes of the server only when asked for', () => {
    const checkpointer = session({ kind: 'background' });
    expect(matchesShown(noFilter, checkpointer, nowMs)).toBe(false);
    expect(matchesShown({ ...noFilter, everything: true }, checkpointer, nowMs)).toBe(true);
  });

  it('is searched without minding capitals, in the query as in the names', () => {
    const found = (text: string) => matchesShown({ ...noFilter, text }, session(), nowMs);
    expect(['update orders', 'BILL', '10.0.0', 'clientread', '  app '].map(found)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(found('DELETE')).toBe(false);
  });

  it('leaves out what cannot be seen as soon as a condition asks for it', () => {
    const hidden = session({ visible: false, state: 'unknown', stateChangeMs: null });
    const shown = withCondition(noFilter, 'minStateAgeMs', minute);
    expect(matchesShown(noFilter, hidden, nowMs)).toBe(true);
    expect(matchesShown(shown, hidden, nowMs)).toBe(false);
    expect(withCondition(shown, 'minStateAgeMs', undefined)).toEqual(noFilter);
  });
});

describe('groups worth a click', () => {
  it('are those idle in a transaction for long, the longest ages first', () => {
    const sessions = [
      idleInTransaction('billing', 12),
      idleInTransaction('billing', 11),
      idleInTransaction('billing', 2),
      idleInTransaction('mail', 3),
      idleInTransaction('web', 0.5),
      session({ state: 'idle', stateChangeMs: nowMs - 60 * minute }),
    ];
    const suggestions = suggestionsOf(sessions, nowMs);
    expect(suggestions.map(({ label }) => label)).toEqual([
      '2 idle in transaction over 10 min: billing',
      '1 idle in transaction over 1 min: mail',
    ]);
    const [first] = suggestions;
    const shown = { ...noFilter, filter: first?.filter ?? {} };
    expect(sessions.filter((one) => matchesShown(shown, one, nowMs))).toHaveLength(2);
  });

  it('do not guess about what cannot be seen', () => {
    expect(suggestionsOf([session({ state: 'idleInTransaction', stateChangeMs: null })], nowMs)).toEqual([]);
  });
});

it('counts client sessions by a part of theirs, largest first, and leaves the unknown out', () => {
  const sessions = [
    session({ user: 'b' }),
    session({ user: 'a' }),
    session({ user: 'b' }),
    session({ user: null }),
    session({ user: 'b', kind: 'walSender' }),
  ];
  expect(countBy(sessions, ({ user }) => user)).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
