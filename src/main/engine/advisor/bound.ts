import type { Bound } from '#shared/model/advice.ts';
import { labApplicationName } from '#shared/model/lab.ts';
import { reserveOf } from '#shared/model/sizing/formulas.ts';
import type { Evidence, ServerNow } from './evidence.ts';
import { isOwnSession } from './holders.ts';
import { counted } from './words.ts';

interface Room {
  kind: 'server' | 'role' | 'database';
  /** Connections that there may be. */
  limit: number;
  /** Taken by others than this application. */
  others: number;
}

/**
 * The largest maximum that keeps the server's reserve with the pools of all instances full: what is
 * left and what the application has already, less the reserve, shared by the instances. Takes the
 * tightest of the server now, the tightest moment of the range, and limits of the role and database.
 */
export function boundOf(evidence: Evidence, needed: number | null): Bound {
  const { server, inputs } = evidence;
  if (server?.behindPooler) {
    const sentence =
      'A pooler stands before the server: how many connections lie behind it, and who else uses them, is not known here.';
    return { kind: 'unknown', cap: null, binds: false, sentence };
  }
  const rooms = [...roomsNow(evidence, server), ...roomsInRange(evidence)];
  if (rooms.length === 0) {
    const why = server?.error?.message ?? 'Nobody asked the server in this range.';
    return {
      ...{ kind: 'unknown', cap: null, binds: false },
      sentence: `How many connections the server has left is not known. ${why}`,
    };
  }
  const caps = rooms.map((room) => ({ ...room, cap: capOf(room, inputs.instances) }));
  const tightest = caps.reduce((least, room) => (room.cap < least.cap ? room : least));
  const { kind, limit, others, cap } = tightest;
  const whose = {
    server: 'The server takes',
    role: 'The role may have',
    database: 'The database takes',
  }[kind];
  const who = inputs.instances === 1 ? 'this pool' : `each of ${counted(inputs.instances, 'instance')}`;
  const sums = `${whose} ${counted(limit, 'connection')}; others have ${others} and ${reserveOf(limit)} stay free, so ${who} may have ${cap} at most.`;
  const binds = needed !== null && needed > cap;
  return {
    ...{ kind, cap, binds },
    sentence: binds
      ? `${sums} The load asks for ${needed}: it needs a pooler, or a server with more room.`
      : sums,
  };
}

const capOf = ({ limit, others }: Room, instances: number): number =>
  Math.max(0, Math.floor((limit - others - reserveOf(limit)) / instances));

function roomsNow({ own }: Evidence, server: ServerNow | null): Room[] {
  if (server === null || server.reading === null) return [];
  const { limits, sessions } = server.reading;
  const ofTheLab = { ...own, application: labApplicationName };
  const ownCount = sessions.filter(
    (session) => isOwnSession(session, own) || isOwnSession(session, ofTheLab),
  ).length;
  const room = (kind: Room['kind'], limit: number, taken: number): Room => {
    return { kind, limit, others: Math.max(0, taken - ownCount) };
  };
  const role = limits.roles.find(({ name }) => name === own.user);
  const database = limits.databases.find(({ name }) => name === own.database);
  return [
    room('server', limits.usable, limits.taken),
    ...(role === undefined ? [] : [room('role', role.limit, role.taken)]),
    ...(database === undefined ? [] : [room('database', database.limit, database.taken)]),
  ];
}

/** The moment of the range with the least left. Only the largest applications are told by name there. */
function roomsInRange({ points, own }: Evidence): Room[] {
  const [first, ...others] = points;
  if (first === undefined) return [];
  const tightest = others.reduce((least, point) => (point.left < least.left ? point : least), first);
  // The lab's sessions are gone when a size is set.
  const ownCount = tightest.groups.application
    .filter(([name]) => name === own.application || name === labApplicationName)
    .reduce((sum, [, count]) => sum + count, 0);
  const { usable, left } = tightest;
  return [{ kind: 'server', limit: usable, others: Math.max(0, usable - left - ownCount) }];
}
