import { Button, Modal } from '@mantine/core';
import { GitCommitHorizontal, LoaderCircle, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useProfiles } from '../data/queries.ts';
import { Elapsed } from '../kit/elapsed.tsx';
import { goToConnection, hashOfPlace, type Place } from '../navigation/place.ts';
import { busySessions, useBusySessions, useSessionState } from '../screens/connection/query/busy-sessions.ts';
import type { QuerySession } from '../screens/connection/query/query-session.ts';
import classes from './query-watch.module.css';

const isAt = (place: Place, profileId: string): boolean =>
  place.screen === 'connection' && place.tab === 'query' && place.profileId === profileId;

/**
 * What goes on in query tabs that are not on the screen: a statement that runs, with its cancel
 * button, and a transaction left open. Leaving a tab with an open transaction asks what to do with it.
 */
export function QueryWatch({ place }: { place: Place }) {
  const sessions = useBusySessions();
  const profiles = useProfiles().data ?? [];
  const nameOf = ({ profileId }: QuerySession) =>
    profiles.find((profile) => profile.profileId === profileId)?.name ?? 'a connection';
  const left = useLeftTransaction(place);
  useUnloadGuard(sessions.some(({ state }) => state().transaction !== null));
  const elsewhere = sessions.filter(({ profileId }) => !isAt(place, profileId));
  return (
    <>
      <div className={classes.watch}>
        {elsewhere.map((session) => (
          <Pill key={session.profileId} session={session} name={nameOf(session)} />
        ))}
      </div>
      {left.session !== null && (
        <LeftDialog session={left.session} name={nameOf(left.session)} onClose={left.forget} />
      )}
    </>
  );
}

function Pill({ session, name }: { session: QuerySession; name: string }) {
  const { activity, transaction } = useSessionState(session);
  const href = hashOfPlace({ screen: 'connection', profileId: session.profileId, tab: 'query' });
  const failed = transaction?.state === 'failed';
  return (
    <span className={classes.pill} data-writing={transaction?.mode === 'write' || undefined}>
      {transaction === null ? (
        <LoaderCircle size={13} aria-hidden />
      ) : (
        <GitCommitHorizontal size={13} aria-hidden />
      )}
      <a href={href}>
        {transaction === null ? 'Query on ' : failed ? 'Failed transaction on ' : 'Transaction on '}
        <bdi>{name}</bdi> <Elapsed sinceMs={transaction?.startedAtMs ?? activity?.startedAtMs ?? 0} />
      </a>
      {activity !== null && (
        <Button
          variant="subtle"
          color="red"
          size="compact-xs"
          leftSection={<Square size={10} aria-hidden />}
          loading={activity.cancelling}
          aria-label={`Cancel the query on ${name}`}
          onClick={() => void session.cancel()}
        >
          Cancel
        </Button>
      )}
    </span>
  );
}

/** The session whose tab was just left with a transaction open; null when there is none. */
function useLeftTransaction(place: Place) {
  const [session, setSession] = useState<QuerySession | null>(null);
  const before = useRef(place);
  useEffect(() => {
    const from = before.current;
    before.current = place;
    if (from === place) return;
    const leaving = busySessions().find(
      ({ profileId, state }) =>
        isAt(from, profileId) && !isAt(place, profileId) && state().transaction !== null,
    );
    setSession(leaving ?? null);
  }, [place]);
  return { session, forget: () => setSession(null) };
}

/**
 * Closing the page rolls back what is open: the browser asks first, and so does the desktop window
 * (src/main/electron/unload-question.ts). Listened for only then, so that no other page is slow to close.
 */
function useUnloadGuard(transactionOpen: boolean): void {
  useEffect(() => {
    if (!transactionOpen) return;
    const refuse = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', refuse);
    return () => window.removeEventListener('beforeunload', refuse);
  }, [transactionOpen]);
}

function LeftDialog({ session, name, onClose }: { session: QuerySession; name: string; onClose(): void }) {
  const { transaction } = useSessionState(session);
  const goBack = () => {
    onClose();
    goToConnection(session.profileId, 'query');
  };
  const end = (how: 'commit' | 'rollback') => {
    onClose();
    void session.transaction.end(how);
  };
  useEffect(() => {
    if (transaction === null) onClose();
  }, [transaction, onClose]);
  if (transaction === null) return null;
  const blocked = transaction.busy;
  return (
    <Modal
      opened
      onClose={goBack}
      title="A transaction is still open"
      size={520}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Back to the transaction' }}
    >
      <div className={classes.dialog}>
        <p>
          On <bdi>{name}</bdi>, for <Elapsed sinceMs={transaction.startedAtMs} />,{' '}
          {transaction.statements === 1 ? '1 statement' : `${transaction.statements} statements`}. While it is
          open it holds a connection and its locks.
        </p>
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Leave it open
          </Button>
          <Button variant="default" disabled={blocked} onClick={() => end('rollback')}>
            Roll back
          </Button>
          <Button
            variant="default"
            disabled={blocked || transaction.state === 'failed'}
            onClick={() => end('commit')}
          >
            Commit
          </Button>
          <Button data-autofocus onClick={goBack}>
            Go back to it
          </Button>
        </div>
      </div>
    </Modal>
  );
}
