import { type SessionRef, sessionKey } from '#shared/model/sessions/session.ts';

let wanted: { profileId: string; key: string } | null = null;

/** Asks the Sessions tab of a connection to show all there is to know of a session when it opens next. */
export function showSessionOnOpen(profileId: string, session: SessionRef): void {
  wanted = { profileId, key: sessionKey(session) };
}

/** The key of the session asked for, once; null when none was, or of another connection. */
export function takeSessionToOpen(profileId: string): string | null {
  const key = wanted?.profileId === profileId ? wanted.key : null;
  wanted = null;
  return key;
}
