import type { ConnectionLimits, NamedLimit } from '#shared/model/sessions/server.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { NamedLimitRow } from './activity-rows.ts';
import type { Look } from './look.ts';

const mostNamed = 50;

/**
 * How full the server is. The watcher's own session, which no list shows, takes a slot like any
 * other and is counted here.
 * @param others every session but the watcher's own
 */
export function connectionLimits(
  { facts, limits }: Look,
  rows: readonly NamedLimitRow[],
  others: readonly Session[],
): ConnectionLimits {
  const clients = others.filter(({ kind }) => kind === 'client');
  const { maxConnections, superuserReserved, reserved } = limits;
  const usable = maxConnections - superuserReserved - reserved;
  const taken = clients.length + 1;

  const tally = (nameOf: (session: Session) => string | null, own: string): Map<string, number> => {
    const counts = new Map([[own, 1]]);
    for (const session of clients) {
      const name = nameOf(session);
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  };
  const named = (kind: NamedLimitRow['kind'], counts: ReadonlyMap<string, number>): NamedLimit[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ name, limit }) => ({ name, limit, taken: counts.get(name) ?? 0 }))
      .sort((a, b) => a.limit - a.taken - (b.limit - b.taken) || (a.name < b.name ? -1 : 1))
      .slice(0, mostNamed);

  return {
    maxConnections,
    superuserReserved,
    reserved,
    usable,
    taken,
    left: usable - taken,
    roles: named(
      'role',
      tally(({ user }) => user, facts.user),
    ),
    databases: named(
      'database',
      tally(({ database }) => database, facts.database),
    ),
  };
}
