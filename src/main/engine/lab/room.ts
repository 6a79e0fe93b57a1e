import { reserveOf } from '#shared/model/sizing/formulas.ts';
import { EngineError } from '../base/errors.ts';
import type { Sessions } from '../sessions/index.ts';

type Limits = NonNullable<Awaited<ReturnType<Sessions['read']>>['reading']>['limits'];

const whose = { server: 'The server has', role: 'The role has', database: 'The database has' };

/**
 * Refuses connections that the server, the role or the database has no room for beside its reserve.
 * @throws EngineError `too_many_connections`
 */
export function requireRoom(limits: Limits, login: { user: string; database: string }, wanted: number): void {
  const role = limits.roles.find(({ name }) => name === login.user);
  const database = limits.databases.find(({ name }) => name === login.database);
  const rooms = [
    { kind: 'server' as const, limit: limits.usable, taken: limits.taken },
    ...(role === undefined ? [] : [{ kind: 'role' as const, ...role }]),
    ...(database === undefined ? [] : [{ kind: 'database' as const, ...database }]),
  ];
  for (const { kind, limit, taken } of rooms) {
    const left = Math.max(0, limit - taken);
    const spare = Math.max(0, left - reserveOf(limit));
    if (wanted <= spare) continue;
    const sentence = `${whose[kind]} ${left} of ${limit} connections left and ${reserveOf(limit)} must stay free, so the Lab may open ${spare}; this run needs ${wanted}.`;
    const remedy = 'Choose smaller sizes, or try again when fewer connections are open.';
    throw new EngineError('too_many_connections', sentence, { remedy });
  }
}
