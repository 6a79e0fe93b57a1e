import { on, onLink } from '../../../bridge/client.ts';
import { watchSession } from './busy-sessions.ts';
import { QuerySession } from './query-session.ts';

const sessions = new Map<string, QuerySession>();

/** Listens to the engine from the first session on, for as long as the window lives. */
function listen(): void {
  let wasLost = false;
  onLink((link) => {
    if (link === 'connected' && wasLost) for (const session of sessions.values()) void session.resync();
    wasLost = link !== 'connected';
  });
  on('query.progress', (run) => sessions.get(run.profileId)?.hearRun(run));
  on('query.notice', ({ runId, notice }) => {
    for (const session of sessions.values()) session.hearNotice(runId, notice);
  });
  on('query.transactionChanged', (transaction) =>
    sessions.get(transaction.profileId)?.transaction.hear(transaction),
  );
}

/** The query tab of a connection; the same one each time. */
export function querySession(profileId: string): QuerySession {
  const known = sessions.get(profileId);
  if (known !== undefined) return known;
  if (sessions.size === 0) listen();
  const session = new QuerySession(profileId);
  sessions.set(profileId, session);
  watchSession(session);
  return session;
}
