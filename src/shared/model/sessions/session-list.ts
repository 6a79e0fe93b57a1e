import type { SessionsSample } from '../../contract/sessions.ts';
import { unpackSessions } from './packed-sessions.ts';
import { type Session, sessionKey } from './session.ts';

/** A server's sessions as the renderer keeps them: the newest sample with all its sessions. */
export interface SessionList {
  sample: SessionsSample;
  /** By `sessionKey`. A session that did not change is the same object as before. */
  sessions: ReadonlyMap<string, Session>;
}

/**
 * The list after one more sample. Null when samples were missed in between: ask `sessions.snapshot`,
 * whose answer is whole. An older sample than the one at hand changes nothing.
 */
export function nextSessionList(list: SessionList | null, sample: SessionsSample): SessionList | null {
  const sessions = new Map<string, Session>();
  if (sample.basedOn !== null) {
    if (list === null || list.sample.serverId !== sample.serverId) return null;
    if (list.sample.sequence >= sample.sequence) return list;
    if (list.sample.sequence !== sample.basedOn) return null;
    const gone = new Set(sample.gone);
    for (const [key, session] of list.sessions) if (!gone.has(key)) sessions.set(key, session);
  }
  for (const session of unpackSessions(sample.changed)) sessions.set(sessionKey(session), session);
  return { sample, sessions };
}
