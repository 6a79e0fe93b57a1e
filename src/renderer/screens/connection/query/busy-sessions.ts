import { useMemo, useSyncExternalStore } from 'react';
import type { QuerySession, SessionState } from './query-session.ts';

/*
 * Apart from the sessions themselves, which bring the editor along: the frame watches them on every
 * screen, and the editor is loaded with the first query tab.
 */

const sessions = new Set<QuerySession>();
const listeners = new Set<() => void>();
let version = 0;

const changed = () => {
  version += 1;
  for (const listener of [...listeners]) listener();
};

/** From now on the frame shows what goes on in a session. */
export function watchSession(session: QuerySession): void {
  sessions.add(session);
  session.subscribe(changed);
}

/** Sessions with a statement under way or a transaction open. */
export const busySessions = (): QuerySession[] =>
  [...sessions].filter((session) => {
    const { activity, transaction } = session.state();
    return activity !== null || transaction !== null;
  });

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The busy sessions, whatever screen is shown. */
export function useBusySessions(): QuerySession[] {
  const now = useSyncExternalStore(subscribe, () => version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew with each version.
  return useMemo(() => busySessions(), [now]);
}

export const useSessionState = (session: QuerySession): SessionState =>
  useSyncExternalStore(session.subscribe, session.state);
