import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { SessionAction } from '#shared/contract/sessions.ts';
import type { BlockedSession, BlockingNode } from '#shared/model/sessions/blocking.ts';
import { type SessionFilter, stateWords } from '#shared/model/sessions/filter.ts';
import { type Session, sessionKey, transactionMs } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { Unknown } from '../../../kit/data-table/table-row.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { ReasonedButton } from '../../../kit/reasoned-button.tsx';
import type { ActionAsked } from './action-dialog.tsx';
import { sessionOfPid, waitersOf } from './blocking-words.ts';
import { noFilter, type ShownFilter } from './session-filter.ts';
import classes from './sessions.module.css';

interface Props {
  profile: ProfileView;
  session: Session;
  /** Shown as it last was. */
  ended: boolean;
  list: SessionList;
  forest: readonly BlockingNode[];
  onOpen(key: string): void;
  onFilter?(shown: ShownFilter): void;
  onAct(asked: ActionAsked): void;
}

/** What is known of one session, the whole text of its statement, and what can be done to it. */
export function SessionDetails({ profile, session, ended, list, forest, onOpen, onFilter, onAct }: Props) {
  const nowMs = list.sample.serverNowMs;
  const wait = list.sample.blocking.blocked.find(({ pid }) => pid === session.pid);
  const waiters = waitersOf(forest, session.pid);
  const reason = actionRefusal(profile, session, ended);
  const ask = (action: SessionAction) => {
    if (session.backendStartUs === null) return;
    const { pid, backendStartUs, application } = session;
    onAct({
      action,
      target: { kind: 'session', session: { pid, backendStartUs } },
      what: `pid ${pid}${application === '' ? '' : ` (${application})`}`,
    });
  };
  const only = (filter: SessionFilter) => onFilter?.({ ...noFilter, filter });
  const ageOf = (atMs: number | null) =>
    atMs === null ? session.visible ? '–' : <Unknown /> : formatAge(nowMs - atMs);
  const xactMs = transactionMs(session, nowMs);
  return (
    <div className={classes.details}>
      {ended && <p role="status">This session has ended. What follows is as it last was.</p>}
      <div className={classes.buttons}>
        <ReasonedButton reason={reason} onClick={() => ask('cancel')}>
          Cancel its statement…
        </ReasonedButton>
        <ReasonedButton reason={reason} danger onClick={() => ask('terminate')}>
          Terminate…
        </ReasonedButton>
      </div>
      <dl className={classes.facts}>
        <Fact name="State">
          {session.state === 'unknown' ? (
            <Unknown />
          ) : (
            <>
              {stateWords[session.state]} for {ageOf(session.stateChangeMs)}
            </>
          )}
        </Fact>
        <Fact name="Transaction">
          {xactMs === null ? session.visible ? 'none open' : <Unknown /> : `open for ${formatAge(xactMs)}`}
        </Fact>
        <Fact name="Waits for">
          {session.waitEvent === null ? (
            session.visible ? (
              'nothing'
            ) : (
              <Unknown />
            )
          ) : (
            `${session.waitEventType}: ${session.waitEvent}`
          )}
        </Fact>
        {wait !== undefined && (
          <Fact name="Blocked by">
            <Blockers wait={wait} list={list} onOpen={onOpen} /> {lockInWords(wait)}
          </Fact>
        )}
        {waiters.length > 0 && (
          <Fact name="Holds up">
            <span className={classes.pids}>
              {waiters.map((pid) => (
                <PidButton key={pid} pid={pid} list={list} onOpen={onOpen} />
              ))}
            </span>
          </Fact>
        )}
        <Fact name="Application">
          <bdi>{session.application || '(none)'}</bdi>
          {onFilter && (
            <Only label="application" onClick={() => only({ applications: [session.application] })} />
          )}
        </Fact>
        <Fact name="User">
          {session.user ?? <Unknown />}
          {onFilter && session.user !== null && (
            <Only label="user" onClick={() => only({ users: [session.user as string] })} />
          )}
        </Fact>
        <Fact name="Database">
          {session.database ?? '–'}
          {onFilter && session.database !== null && (
            <Only label="database" onClick={() => only({ databases: [session.database as string] })} />
          )}
        </Fact>
        <Fact name="Client">
          {session.visible ? (
            <>
              {session.clientAddress ?? 'Unix socket'}
              {session.clientPort !== null && session.clientPort > 0 && `, port ${session.clientPort}`}
              {onFilter && (
                <Only label="address" onClick={() => only({ addresses: [session.clientAddress ?? ''] })} />
              )}
            </>
          ) : (
            <Unknown />
          )}
        </Fact>
        <Fact name="Connected">
          {ageOf(session.backendStartUs === null ? null : session.backendStartUs / 1000)}
        </Fact>
        <Fact name="Process">{session.backendType ?? <Unknown />}</Fact>
      </dl>
      <QueryText profileId={profile.profileId} session={session} ended={ended} />
    </div>
  );
}

/** Why nothing can be done to a session; null when something can. */
export function actionRefusal(
  profile: Pick<ProfileView, 'readOnly' | 'name'>,
  session: Session,
  ended: boolean,
): string | null {
  if (ended) return 'The session has ended.';
  if (profile.readOnly) return `${profile.name} is marked read-only: nothing is changed on its server.`;
  if (session.backendStartUs === null) return 'This role may not see the session well enough to act on it.';
  return null;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Only({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button variant="subtle" size="compact-xs" onClick={onClick}>
      Only this {label}
    </Button>
  );
}

interface LinkProps {
  list: SessionList;
  onOpen(key: string): void;
}

function PidButton({ pid, list, onOpen }: LinkProps & { pid: number }) {
  const session = sessionOfPid(list, pid);
  if (session === undefined) return <span>{pid}</span>;
  return (
    <Button variant="default" size="compact-xs" onClick={() => onOpen(sessionKey(session))}>
      {pid}
      {session.application !== '' && ` ${session.application}`}
    </Button>
  );
}

function Blockers({ wait, list, onOpen }: LinkProps & { wait: BlockedSession }) {
  return (
    <span className={classes.pids}>
      {wait.blockers.map((blocker) =>
        blocker.kind === 'session' ? (
          <PidButton key={blocker.pid} pid={blocker.pid} list={list} onOpen={onOpen} />
        ) : (
          <span key={`gid:${blocker.gid}`}>
            prepared transaction {blocker.gid === null ? '' : `“${blocker.gid}”`}
          </span>
        ),
      )}
    </span>
  );
}

function lockInWords({ lockMode, lockType, relation }: BlockedSession): string {
  if (lockMode === null && lockType === null) return '';
  return `(${[lockMode, lockType, relation === null ? null : `on ${relation}`].filter(Boolean).join(' ')})`;
}

function QueryText({ profileId, session, ended }: { profileId: string; session: Session; ended: boolean }) {
  const { pid, backendStartUs, query } = session;
  const whole = useQuery({
    queryKey: ['sessions.queryText', profileId, sessionKey(session), query],
    queryFn: ({ signal }) =>
      request(
        'sessions.queryText',
        { profileId, session: { pid, backendStartUs: backendStartUs ?? 0 } },
        { signal },
      ),
    // Shorter ones are here already.
    enabled: !ended && backendStartUs !== null && query !== null && query.length >= 200,
  });
  if (query === null) {
    return (
      <p className={classes.dim}>
        {session.visible ? 'It has run no statement.' : 'Its statement is hidden.'}
      </p>
    );
  }
  const text = whole.data?.query ?? query;
  return (
    <section aria-label="Last statement">
      <div className={classes.queryHead}>
        <h3>{session.state === 'active' ? 'Running statement' : 'Last statement'}</h3>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Copy size={12} aria-hidden />}
          onClick={() => void copyText(text, 'the statement')}
        >
          Copy
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre className={classes.query} tabIndex={0}>
        {text}
      </pre>
      {whole.isFetching && <p className={classes.dim}>Reading the rest…</p>}
      {whole.data?.mayBeCut === true && (
        <p className={classes.dim}>The server keeps no more of it (track_activity_query_size).</p>
      )}
      {whole.isError && <ErrorNote error={payloadOf(whole.error)} />}
    </section>
  );
}
