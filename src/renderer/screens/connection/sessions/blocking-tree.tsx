import { Button } from '@mantine/core';
import { CornerDownRight } from 'lucide-react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { BlockingNode, PreparedTransaction } from '#shared/model/sessions/blocking.ts';
import { stateWords } from '#shared/model/sessions/filter.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { ReasonedButton } from '../../../kit/reasoned-button.tsx';
import type { ActionAsked } from './action-dialog.tsx';
import { sessionOfPid, sessionsInWords } from './blocking-words.ts';
import { actionRefusal } from './session-details.tsx';
import classes from './sessions.module.css';

interface Props {
  profile: ProfileView;
  list: SessionList;
  forest: readonly BlockingNode[];
  onOpen(session: Session): void;
  onAct(asked: ActionAsked): void;
}

/** Who blocks whom: those at the top hold up all that stand below them. */
export function BlockingTree({ profile, list, forest, onOpen, onAct }: Props) {
  const { blocking } = list.sample;
  const lonely = blocking.prepared.filter(
    ({ gid }) => !forest.some(({ blocker }) => blocker.kind === 'prepared' && blocker.gid === gid),
  );
  return (
    <section className={classes.panel} aria-label="Who blocks whom">
      {forest.length === 0 ? (
        <p className={classes.dim}>Nobody waits for a lock.</p>
      ) : (
        <ul className={classes.forest}>
          {forest.map((node) => (
            <Tree key={node.key} node={node} profile={profile} list={list} onOpen={onOpen} onAct={onAct} />
          ))}
        </ul>
      )}
      {blocking.notLookedAt > 0 && (
        <p className={classes.dim}>
          {sessionsInWords(blocking.notLookedAt)} more wait for a lock; those waiting longest are shown.
        </p>
      )}
      {lonely.length > 0 && (
        <>
          <h3>Prepared transactions</h3>
          <p className={classes.dim}>
            They hold their locks without a session, and nobody waits for them now.
          </p>
          <ul className={classes.forest}>
            {lonely.map((prepared) => (
              <li key={prepared.gid}>
                <PreparedLine prepared={prepared} nowMs={list.sample.serverNowMs} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Tree({ node, ...props }: Omit<Props, 'forest'> & { node: BlockingNode }) {
  const { list } = props;
  const { blocker, children } = node;
  const session = blocker.kind === 'session' ? sessionOfPid(list, blocker.pid) : undefined;
  const prepared =
    blocker.kind === 'prepared'
      ? list.sample.blocking.prepared.find(({ gid }) => gid === blocker.gid)
      : undefined;
  return (
    <li>
      {blocker.kind === 'session' ? (
        <SessionLine node={node} pid={blocker.pid} session={session} {...props} />
      ) : prepared === undefined ? (
        <p className={classes.node} data-root>
          <strong>A prepared transaction</strong>, it cannot be told which, holds up{' '}
          {sessionsInWords(node.heldUp)}.
        </p>
      ) : (
        <PreparedLine prepared={prepared} nowMs={list.sample.serverNowMs} heldUp={node.heldUp} />
      )}
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <Tree key={child.key} node={child} {...props} />
          ))}
        </ul>
      )}
    </li>
  );
}

interface LineProps extends Omit<Props, 'forest'> {
  node: BlockingNode;
  pid: number;
  session: Session | undefined;
}

function SessionLine({ node, pid, session, profile, list, onOpen, onAct }: LineProps) {
  const nowMs = list.sample.serverNowMs;
  const { wait, heldUp, depth, repeats } = node;
  const stateAge =
    session === undefined || session.stateChangeMs === null
      ? ''
      : ` for ${formatAge(nowMs - session.stateChangeMs)}`;
  const lock = [wait?.lockMode, wait?.lockType, wait?.relation && `on ${wait.relation}`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={classes.node} data-root={depth === 0 || undefined}>
      {depth > 0 && <CornerDownRight size={14} className={classes.elbow} aria-hidden />}
      <div className={classes.nodeWords}>
        <p>
          <Button
            variant="default"
            size="compact-xs"
            disabled={session === undefined}
            onClick={() => session !== undefined && onOpen(session)}
          >
            {pid}
          </Button>{' '}
          <strong>
            <bdi>{session?.application || session?.user || 'unknown'}</bdi>
          </strong>{' '}
          {session === undefined ? 'has ended or is hidden' : `${stateWords[session.state]}${stateAge}`}
          {wait !== null && (
            <>
              , waits{wait.sinceMs !== null && ` ${formatAge(nowMs - wait.sinceMs)}`}
              {lock !== '' && ` for ${lock}`}
            </>
          )}
          {heldUp > 0 && <span className={classes.holds}> holds up {sessionsInWords(heldUp)}</span>}
          {repeats && <span className={classes.dim}> (shown above)</span>}
        </p>
        {session?.query != null && (
          <code className={classes.excerpt}>{session.query.replace(/\s+/g, ' ')}</code>
        )}
      </div>
      {depth === 0 && session !== undefined && session.backendStartUs !== null && (
        <ReasonedButton
          reason={actionRefusal(profile, session, false)}
          danger
          onClick={() =>
            onAct({
              action: 'terminate',
              target: { kind: 'session', session: { pid, backendStartUs: session.backendStartUs as number } },
              what: `pid ${pid}`,
            })
          }
        >
          Terminate…
        </ReasonedButton>
      )}
    </div>
  );
}

interface PreparedProps {
  prepared: PreparedTransaction;
  nowMs: number;
  heldUp?: number;
}

/** Nobody is there to be terminated: the statement that ends it is offered instead. */
function PreparedLine({ prepared, nowMs, heldUp = 0 }: PreparedProps) {
  const { gid, owner, database, preparedAtMs } = prepared;
  const sql = `ROLLBACK PREPARED '${gid.replaceAll("'", "''")}'`;
  return (
    <div className={classes.node} data-root>
      <div className={classes.nodeWords}>
        <p>
          <strong>Prepared transaction “{gid}”</strong> of {owner} in {database}, prepared{' '}
          {formatAge(nowMs - preparedAtMs)} ago
          {heldUp > 0 && <span className={classes.holds}> holds up {sessionsInWords(heldUp)}</span>}
        </p>
        <p className={classes.dim}>
          Only COMMIT PREPARED or ROLLBACK PREPARED, given in {database}, ends it. Ask its owner which.
        </p>
      </div>
      <Button variant="default" onClick={() => void copyText(sql, 'the statement')}>
        Copy the rollback
      </Button>
    </div>
  );
}
