import { useMemo, useSyncExternalStore } from 'react';
import { on } from '../../../bridge/client.ts';
import { QuerySession, type SessionState } from './query-session.ts';

const sessions = new Map<string, QuerySession>();
const listeners = new Set<() => void>();
let version = 0;

const changed = () => {
  version += 1;
  for (const listener of [...listeners]) listener();
};

/** Listens to the engine from the first session on, for as long as the window lives. */
function listen(): void {
  on('query.progress', (run) => sessions.get(run.profileId)?.hearRun(run));
  on('query.notice', ({ runId, notice }) => {
    for (const session of sessions.values()) session.hearNotice(runId, notice);
  });
  on('query.transactionChanged', (transaction) =>
    sessions.get(transaction.profileId)?.hearTransaction(transaction),
  );
}

/** The query tab of a connection; the same one each time. */
export function querySession(profileId: string): QuerySession {
  const known = sessions.get(profileId);
  if (known !== undefined) return known;
  if (sessions.size === 0) listen();
  const session = new QuerySession(profileId);
  sessions.set(profileId, session);
  session.subscribe(changed);
  return session;
}

export const useSessionState = (session: QuerySession): SessionState =>
  useSyncExternalStore(session.subscribe, session.state);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Sessions with a statement under way or a transaction open, whatever screen is shown. */
export function useBusySessions(): QuerySession[] {
  const now = useSyncExternalStore(subscribe, () => version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew with each version.
  return useMemo(() => busySessions(), [now]);
}

export const busySessions = (): QuerySession[] =>
  [...sessions.values()].filter((session) => {
    const { activity, transaction } = session.state();
    return activity !== null || transaction !== null;
  });
