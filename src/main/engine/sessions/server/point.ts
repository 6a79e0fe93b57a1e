import type { Blocking } from '#shared/model/sessions/blocking.ts';
import { type SessionDimension, type SessionsPoint, unnamedGroup } from '#shared/model/sessions/point.ts';
import type { ConnectionLimits, Rates } from '#shared/model/sessions/server.ts';
import {
  idleInTransactionMs,
  type Session,
  type SessionState,
  transactionMs,
} from '#shared/model/sessions/session.ts';

const mostGroups = 8;
/** How sessions stand in a group whose address the role may not see. */
const hiddenGroup = '(hidden)';

const groupOf: Record<SessionDimension, (session: Session) => string> = {
  application: ({ application }) => application,
  user: ({ user }) => user ?? unnamedGroup,
  database: ({ database }) => database ?? unnamedGroup,
  address: ({ clientAddress, visible }) => (visible ? (clientAddress ?? unnamedGroup) : hiddenGroup),
};

function largest(clients: readonly Session[], nameOf: (session: Session) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const session of clients) {
    const name = nameOf(session);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostGroups);
}

const oldest = (ages: readonly (number | null)[]): number | null =>
  ages.reduce((most, age) => (age === null ? most : Math.max(most ?? 0, age)), null);

/** A sample in brief. */
export function pointOf(sample: {
  atMs: number;
  serverNowMs: number;
  sessions: readonly Session[];
  limits: ConnectionLimits;
  blocking: Blocking;
  rates: Rates;
  full: boolean;
}): SessionsPoint {
  const { atMs, serverNowMs, limits, blocking, rates, full } = sample;
  const clients = sample.sessions.filter(({ kind }) => kind === 'client');
  const states: Record<SessionState, number> = {
    active: 0,
    idle: 0,
    idleInTransaction: 0,
    idleInTransactionAborted: 0,
    other: 0,
    unknown: 0,
  };
  for (const { state } of clients) states[state] += 1;
  const groups = Object.fromEntries(
    Object.entries(groupOf).map(([dimension, nameOf]) => [dimension, largest(clients, nameOf)]),
  ) as SessionsPoint['groups'];
  return {
    atMs,
    clients: clients.length,
    states,
    groups,
    usable: limits.usable,
    left: limits.left,
    blocked: blocking.blocked.length + blocking.notLookedAt,
    idleInTransactionMs: oldest(clients.map((session) => idleInTransactionMs(session, serverNowMs))),
    transactionMs: oldest(clients.map((session) => transactionMs(session, serverNowMs))),
    blockedMs: oldest(
      blocking.blocked.map(({ sinceMs }) => (sinceMs === null ? null : Math.max(0, serverNowMs - sinceMs))),
    ),
    rates,
    full,
  };
}
