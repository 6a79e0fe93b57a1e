import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { BackendNode, PictureNode } from '#shared/model/picture.ts';
import { blockingForest } from '#shared/model/sessions/blocking.ts';
import { sessionKey } from '#shared/model/sessions/session.ts';
import { nextSessionList } from '#shared/model/sessions/session-list.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useProfiles } from '../../../data/queries.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { Unknown } from '../../../kit/data-table/table-row.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { ReasonedButton } from '../../../kit/reasoned-button.tsx';
import { type ActionAsked, ActionDialog } from '../../connection/sessions/action-dialog.tsx';
import { SessionDetails } from '../../connection/sessions/session-details.tsx';
import { commandRefusal } from '../command-rights.ts';
import classes from '../pgbouncer.module.css';
import type { PoolerPart } from '../pooler-head.tsx';
import { kindWord, nodeWords } from './node-words.ts';

interface Props {
  part: PoolerPart;
  node: PictureNode | undefined;
  opened: boolean;
  onClose(): void;
}

/** All that is known of one box of the picture, and what can be done about it. */
export function NodeDrawer({ part, node, opened, onClose }: Props) {
  const last = useRef<PictureNode | undefined>(undefined);
  if (node !== undefined) last.current = node;
  const shown = node ?? last.current;
  const [asked, setAsked] = useState<ActionAsked | null>(null);
  const serverProfileId = shown?.kind === 'backend' ? shown.serverProfileId : '';
  return (
    <>
      <Drawer
        opened={opened}
        onClose={onClose}
        closeOnEscape={asked === null}
        position="right"
        size={460}
        title={shown === undefined ? '' : `${kindWord(shown)} ${nodeWords(shown)[0]}`}
        attributes={{ header: { role: 'presentation' } }}
        overlayProps={{ backgroundOpacity: 0.25 }}
        closeButtonProps={{ 'aria-label': 'Close the details' }}
      >
        {shown !== undefined && (
          <div className={classes.drawer}>
            {node === undefined && <p role="status">It is gone. What follows is as it last was.</p>}
            <Details
              node={shown}
              part={part}
              onAct={setAsked}
              onCommand={(command) => {
                onClose();
                part.onCommand(command);
              }}
            />
          </div>
        )}
      </Drawer>
      <ActionDialog profileId={serverProfileId} asked={asked} onClose={() => setAsked(null)} />
    </>
  );
}

interface DetailsProps {
  node: PictureNode;
  part: PoolerPart;
  onAct(asked: ActionAsked): void;
  onCommand: PoolerPart['onCommand'];
}

function Details({ node, part, onAct, onCommand }: DetailsProps) {
  switch (node.kind) {
    case 'backend':
      return <BackendDetails key={node.id} node={node} onAct={onAct} />;
    case 'preparedTransaction':
      return (
        <>
          <p>{node.label}</p>
          <p>
            Nobody is there to be terminated: only COMMIT PREPARED or ROLLBACK PREPARED, given in its
            database, ends it. The Sessions tab of that server has the statement to copy.
          </p>
        </>
      );
    case 'client':
      return (
        <>
          <div className={classes.buttons}>
            <ReasonedButton
              danger
              reason={
                commandRefusal(part.profile, part.pooler, 'killClient') ??
                (node.clientId === null ? 'This version does not number its clients.' : null)
              }
              onClick={() =>
                node.clientId !== null && onCommand({ kind: 'killClient', clientId: node.clientId })
              }
            >
              Kill this client…
            </ReasonedButton>
          </div>
          <Facts
            facts={[
              ['State', node.state],
              ['Waits', node.waitMs === null ? null : formatAge(node.waitMs)],
              ['Application', node.applicationName || '(none)'],
              ['Database', node.database],
              ['User', node.user],
              ['Address', node.address === null ? null : `${node.address}, port ${node.port ?? 'unknown'}`],
            ]}
          />
        </>
      );
    case 'pool':
      return (
        <Facts
          facts={[
            ['Database', node.database],
            ['User', node.user],
            ['Mode', node.poolMode],
            ['Clients waiting', node.clWaiting],
            ['Longest wait', node.maxwaitMs === null ? null : formatAge(node.maxwaitMs)],
            ['Clients active', node.clActive],
            ['Servers active', node.svActive],
            ['Servers open', node.svOpen],
            ['Pool size', node.poolSize],
          ]}
        />
      );
    case 'server':
      return (
        <Facts
          facts={[
            ['State', node.state],
            ['Backend pid', node.remotePid === 0 ? null : node.remotePid],
            ['Database', node.database],
            ['User', node.user],
            [
              'Server',
              node.address === null ? 'Unix socket' : `${node.address}, port ${node.port ?? 'unknown'}`,
            ],
            ['Own port', node.localPort],
            ['Application', node.applicationName || '(none)'],
          ]}
        />
      );
  }
}

function Facts({ facts }: { facts: [name: string, value: string | number | null][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{(value as ReactNode) ?? <Unknown />}</dd>
        </div>
      ))}
    </dl>
  );
}

const refreshMs = 2000;

/** The session of a backend, as its server's own Sessions tab shows it. */
function BackendDetails({ node, onAct }: { node: BackendNode; onAct(asked: ActionAsked): void }) {
  const { serverProfileId } = node;
  const own = `${node.pid}:${node.backendStartUs ?? '?'}`;
  // Those it blocks or waits for can be stepped to.
  const [key, setKey] = useState(own);
  const profile = useProfiles().data?.find(({ profileId }) => profileId === serverProfileId);
  const snapshot = useQuery({
    queryKey: ['sessions.snapshot', serverProfileId],
    queryFn: ({ signal }) => request('sessions.snapshot', { profileId: serverProfileId }, { signal }),
    refetchInterval: refreshMs,
    structuralSharing: false,
  });
  const list = useMemo(
    () => (snapshot.data == null ? null : nextSessionList(null, snapshot.data)),
    [snapshot.data],
  );
  const forest = useMemo(() => (list === null ? [] : blockingForest(list.sample.blocking)), [list]);
  const found = list?.sessions.get(key);
  const last = useRef(found);
  if (found !== undefined) last.current = found;
  const shown =
    found ?? (last.current !== undefined && sessionKey(last.current) === key ? last.current : undefined);
  if (snapshot.isError && snapshot.data === undefined) return <ErrorNote error={payloadOf(snapshot.error)} />;
  if (profile === undefined) return <p>The connection to its server was deleted.</p>;
  if (list === null) return <p role="status">Reading the sessions of {profile.name}…</p>;
  if (shown === undefined) return <p>This session has ended.</p>;
  return (
    <>
      <p className={classes.dim}>
        On {profile.name}, pid {shown.pid}
      </p>
      <SessionDetails
        profile={profile}
        session={shown}
        ended={found === undefined}
        list={list}
        forest={forest}
        onOpen={setKey}
        onAct={onAct}
      />
    </>
  );
}
