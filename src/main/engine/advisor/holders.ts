import type { Holder } from '#shared/model/advice.ts';
import { type BlockingNode, blockingForest } from '#shared/model/sessions/blocking.ts';
import { idleInTransactionMs, type Session } from '#shared/model/sessions/session.ts';
import type { OwnSessions, ServerNow } from './evidence.ts';

/** Younger ones may be between two statements. */
const idleTransactionMs = 5000;
const mostHolders = 10;

type Reading = NonNullable<ServerNow['reading']>;

export const isOwnSession = (session: Session, own: OwnSessions): boolean =>
  session.kind === 'client' &&
  (own.pids.has(session.pid) ||
    (session.application === own.application &&
      session.user === own.user &&
      session.database === own.database));

const isIdleInTransaction = ({ state }: Session): boolean =>
  state === 'idleInTransaction' || state === 'idleInTransactionAborted';

function doingOf(session: Session): string {
  if (isIdleInTransaction(session)) return 'idle in transaction';
  if (session.state === 'active') return 'running a statement';
  return session.state === 'unknown' ? 'doing what this login may not see' : 'idle';
}

function ageOf(session: Session, serverNowMs: number): number | null {
  const sinceMs = session.state === 'active' ? session.queryStartMs : session.stateChangeMs;
  return sinceMs === null ? null : Math.max(0, serverNowMs - sinceMs);
}

const holderOf = (session: Session, serverNowMs: number, own: OwnSessions, holdsUp: number): Holder => ({
  pid: session.pid,
  gid: null,
  application: session.application === '' ? null : session.application,
  user: session.user,
  doing: doingOf(session),
  forMs: ageOf(session, serverNowMs),
  holdsUp,
  isOwn: isOwnSession(session, own),
  query: session.query,
});

/** Process ids of all that wait behind a node, directly or through others. */
function waitersOf(node: BlockingNode): Set<number> {
  const found = new Set<number>();
  const walk = ({ children }: BlockingNode) => {
    for (const child of children) {
      if (child.blocker.kind === 'session') found.add(child.blocker.pid);
      walk(child);
    }
  };
  walk(node);
  return found;
}

/** Who stands at the end of a chain of locks that sessions of the pool wait in; the most harmful first. */
export function blockersOf(reading: Reading, own: OwnSessions): Holder[] {
  const { sessions, serverNowMs, blocking } = reading;
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const isOwnPid = (pid: number) => {
    const session = byPid.get(pid);
    return session !== undefined && isOwnSession(session, own);
  };
  return blockingForest(blocking)
    .flatMap((root): Holder[] => {
      const holdsUp = [...waitersOf(root)].filter(isOwnPid).length;
      if (holdsUp === 0) return [];
      if (root.blocker.kind === 'session') {
        const session = byPid.get(root.blocker.pid);
        return session === undefined ? [] : [holderOf(session, serverNowMs, own, holdsUp)];
      }
      const { gid } = root.blocker;
      const prepared = blocking.prepared.find((transaction) => transaction.gid === gid);
      return [
        {
          ...{ pid: null, gid, application: null, user: prepared?.owner ?? null, query: null, isOwn: false },
          doing: 'prepared and not ended',
          forMs: prepared === undefined ? null : Math.max(0, serverNowMs - prepared.preparedAtMs),
          holdsUp,
        },
      ];
    })
    .sort((a, b) => b.holdsUp - a.holdsUp)
    .slice(0, mostHolders);
}

/** Connections of the pool that lie idle in a transaction; the longest first. */
export function idleOwnOf({ sessions, serverNowMs }: Reading, own: OwnSessions): Holder[] {
  return sessions
    .filter((session) => isOwnSession(session, own))
    .filter((session) => (idleInTransactionMs(session, serverNowMs) ?? 0) >= idleTransactionMs)
    .map((session) => holderOf(session, serverNowMs, own, 0))
    .sort((a, b) => (b.forMs ?? 0) - (a.forMs ?? 0))
    .slice(0, mostHolders);
}
