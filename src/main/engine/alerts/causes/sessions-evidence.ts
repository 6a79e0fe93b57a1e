import type { AlertCauseId } from '#shared/model/alert-causes.ts';
import { type BlockingNode, blockingForest } from '#shared/model/sessions/blocking.ts';
import {
  idleInTransactionMs,
  type Session,
  type SessionRef,
  transactionMs,
} from '#shared/model/sessions/session.ts';
import { counted, spoken } from '../words.ts';
import type { Seen } from './seen.ts';

/** Something seen that speaks for a cause. The greater the weight, the likelier. */
export interface Evidence {
  causeId: AlertCauseId;
  weight: number;
  text: string;
  session: SessionRef | null;
}

/** Younger than this, a transaction or a statement is ordinary. */
const longMs = 1000;
const longStatementMs = 5000;
/** Slots left at which a server counts as full. */
const fullAt = 3;

const named = ({ pid, application }: Session): string =>
  `pid ${pid}${application === '' ? '' : ` (${application})`}`;

const refOf = ({ pid, backendStartUs }: Session): SessionRef | null =>
  backendStartUs === null ? null : { pid, backendStartUs };

interface Aged {
  session: Session;
  ageMs: number;
}

function oldestFirst(sessions: readonly Session[], ageOf: (session: Session) => number | null): Aged[] {
  return sessions
    .flatMap((session) => {
      const ageMs = ageOf(session);
      return ageMs === null || ageMs < longMs ? [] : [{ session, ageMs }];
    })
    .sort((a, b) => b.ageMs - a.ageMs);
}

/** Whether it is a connection of the pool itself; behind a pooler only names tell. */
const isOurs = ({ pid, application, database, user }: Session, { ours }: Seen): boolean =>
  ours !== undefined &&
  database === ours.database &&
  user === ours.user &&
  (ours.processIds.includes(pid) || application === ours.application);

function idleEvidence(seen: Seen, causeId: AlertCauseId, onlyOurs: boolean): Evidence | null {
  const { sessions, serverNowMs } = seen.reading as NonNullable<Seen['reading']>;
  const candidates = onlyOurs ? sessions.filter((session) => isOurs(session, seen)) : sessions;
  const idle = oldestFirst(candidates, (session) => idleInTransactionMs(session, serverNowMs));
  const [oldest, ...others] = idle;
  if (oldest === undefined) return null;
  const { session, ageMs } = oldest;
  const more = others.length === 0 ? '' : `, and ${counted(others.length, 'other session')} with it`;
  const whose = onlyOurs ? ' and keeps a connection of this pool' : '';
  const text = `${named(session)} has been idle in a transaction for ${spoken(ageMs)}${whose}${more}.`;
  return { causeId, weight: 90 + Math.min(5, others.length), text, session: refOf(session) };
}

function blockerEvidence(seen: Seen): Evidence | null {
  const reading = seen.reading as NonNullable<Seen['reading']>;
  const [root] = blockingForest(reading.blocking).sort((a, b) => b.heldUp - a.heldUp);
  if (root === undefined || root.heldUp === 0) return null;
  const held = `holds up ${counted(root.heldUp, 'session')}`;
  const blockedPids = new Set(reading.blocking.blocked.map(({ pid }) => pid));
  const holdsOurs = reading.sessions.some((session) => blockedPids.has(session.pid) && isOurs(session, seen));
  return { causeId: 'blocker', weight: holdsOurs ? 99 : 55, ...blockerText(root, reading, held) };
}

function blockerText(
  { blocker }: BlockingNode,
  reading: NonNullable<Seen['reading']>,
  held: string,
): Pick<Evidence, 'text' | 'session'> {
  if (blocker.kind === 'prepared') {
    return { text: `The prepared transaction ${blocker.gid ?? '(unknown)'} ${held}.`, session: null };
  }
  const session = reading.sessions.find(({ pid }) => pid === blocker.pid);
  if (session === undefined) return { text: `pid ${blocker.pid} ${held}.`, session: null };
  const idleMs = idleInTransactionMs(session, reading.serverNowMs);
  const doing = idleMs === null ? '' : `, idle in a transaction for ${spoken(idleMs)},`;
  return { text: `${named(session)}${doing} ${held} by its locks.`, session: refOf(session) };
}

function statementEvidence(seen: Seen): Evidence | null {
  const { sessions, serverNowMs } = seen.reading as NonNullable<Seen['reading']>;
  const [oldest] = oldestFirst(
    sessions.filter((session) => session.state === 'active' && isOurs(session, seen)),
    ({ queryStartMs }) => (queryStartMs === null ? null : serverNowMs - queryStartMs),
  );
  if (oldest === undefined || oldest.ageMs < longStatementMs) return null;
  const text = `${named(oldest.session)} has run one statement for ${spoken(oldest.ageMs)}.`;
  return { causeId: 'longHold', weight: 70, text, session: refOf(oldest.session) };
}

function fullEvidence(seen: Seen): Evidence | null {
  const { limits } = seen.reading as NonNullable<Seen['reading']>;
  if (limits.left > fullAt) return null;
  const text = `${limits.taken} of ${limits.usable} connections of the server are taken.`;
  return { causeId: 'serverFull', weight: 85, text, session: null };
}

function idleGroupEvidence(seen: Seen): Evidence | null {
  const { sessions } = seen.reading as NonNullable<Seen['reading']>;
  const idle = new Map<string, number>();
  for (const { kind, state, application } of sessions) {
    if (kind === 'client' && state === 'idle') idle.set(application, (idle.get(application) ?? 0) + 1);
  }
  const [most] = [...idle].sort((a, b) => b[1] - a[1]);
  if (most === undefined || most[1] < 2) return null;
  const text = `${most[0] === '' ? 'An application without a name' : most[0]} keeps ${most[1]} idle connections.`;
  return { causeId: 'idleSessions', weight: 60, text, session: null };
}

function longTransaction(seen: Seen): Evidence | null {
  const { sessions, serverNowMs } = seen.reading as NonNullable<Seen['reading']>;
  const [oldest] = oldestFirst(sessions, (session) => transactionMs(session, serverNowMs));
  if (oldest === undefined || oldest.ageMs < 60_000) return null;
  const text = `${named(oldest.session)} has a transaction open for ${spoken(oldest.ageMs)}.`;
  return { causeId: 'lockOrder', weight: 40, text, session: refOf(oldest.session) };
}

/** What the sessions of the server speak for. */
export function sessionsEvidence(seen: Seen): Evidence[] {
  if (seen.reading === undefined) return [];
  return [
    idleEvidence(seen, 'idleInTransaction', true),
    idleEvidence(seen, 'forgottenTransaction', false),
    blockerEvidence(seen),
    statementEvidence(seen),
    fullEvidence(seen),
    idleGroupEvidence(seen),
    longTransaction(seen),
  ].filter((evidence) => evidence !== null);
}
