import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { JoinedPicture, PictureNode, PictureRow } from '#shared/model/picture.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { usePoolerTick } from '../../../live/pooler/latest-ticks.ts';
import { Notice } from '../../connection/sessions/session-notices.tsx';
import type { PoolerPart } from '../pooler-head.tsx';
import { NodeDrawer } from './node-drawer.tsx';
import classes from './picture.module.css';
import { PictureDrawing } from './picture-drawing.tsx';
import { graphOf, worstPool } from './picture-graph.ts';
import { pictureColumns, pictureItems } from './picture-rows.tsx';
import { ServersPanel } from './servers-panel.tsx';

const refreshMs = 2000;

/** Waiting client, pool, server connection, backend, blocker: in one drawing and in one table. */
export function PictureTab(part: PoolerPart) {
  const { profileId } = part.profile;
  const [database, setDatabase] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const tick = usePoolerTick(profileId);
  const picture = useQuery({
    queryKey: ['picture.get', profileId, database],
    queryFn: ({ signal }) => request('picture.get', { profileId, database }, { signal }),
    refetchInterval: paused ? false : refreshMs,
    structuralSharing: false,
  });
  return (
    <div className={classes.tab}>
      <div className={classes.toolbar}>
        <NativeSelect
          size="xs"
          aria-label="Database"
          value={database ?? ''}
          onChange={(event) => setDatabase(event.currentTarget.value || null)}
          data={[
            { value: '', label: 'All databases' },
            ...(tick?.databases ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <Button
          variant="default"
          leftSection={paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
          onClick={() => setPaused(!paused)}
        >
          {paused ? 'Go on live' : 'Hold still'}
        </Button>
      </div>
      {picture.isError && (
        <ErrorNote error={payloadOf(picture.error)}>
          <p>It is tried again by itself.</p>
        </ErrorNote>
      )}
      {picture.data === undefined ? (
        !picture.isError && <p role="status">Drawing the picture…</p>
      ) : (
        <Loaded key={database} picture={picture.data} part={part} />
      )}
    </div>
  );
}

function Loaded({ picture, part }: { picture: JoinedPicture; part: PoolerPart }) {
  const [clientId, setClientId] = useState<string | null>(null);
  const [nodeId, setNodeId] = useState<string | null>(null);
  const chosen = rowToShow(picture, clientId);
  const poolId = chosen?.poolId ?? worstPool(picture)?.id;
  const pool = picture.nodes.find(({ id }) => id === poolId);
  const graph = useMemo(
    () => (poolId === undefined ? null : graphOf(picture, poolId, chosen)),
    [picture, poolId, chosen],
  );
  const items = useMemo(() => pictureItems(picture), [picture]);
  const open = useCallback(
    (node: PictureNode) => {
      // A client leads to its path first; all there is to know of it comes with the second click.
      if (node.kind === 'client' && node.id !== chosen?.clientId) setClientId(node.id);
      else setNodeId(node.id);
    },
    [chosen?.clientId],
  );
  return (
    <>
      {picture.unknowns.length > 0 && (
        <Notice tone="warn">
          {picture.unknowns.map((unknown) => (
            <p key={unknown}>{unknown}</p>
          ))}
        </Notice>
      )}
      {graph !== null && (
        <section className={classes.drawing} aria-label="Path">
          {pool?.kind === 'pool' && (
            <ul className={classes.culprits}>
              {pool.culprits.map(({ nodeId: culpritId, sentence }) => (
                <li key={culpritId}>
                  <button type="button" className={classes.culprit} onClick={() => setNodeId(culpritId)}>
                    {sentence}
                  </button>
                </li>
              ))}
              {pool.culprits.length === 0 && (
                <li className={classes.dim}>
                  {pool.isExhausted
                    ? 'The pool is full, and nothing that can be seen holds its server connections up.'
                    : 'Nothing holds this pool up.'}
                </li>
              )}
            </ul>
          )}
          <PictureDrawing graph={graph} onOpen={open} />
          {chosen?.unknown != null && <p className={classes.dim}>{chosen.unknown}</p>}
        </section>
      )}
      <DataTable
        label="Clients and what holds them up"
        name="picture"
        columns={pictureColumns}
        items={items}
        total={items.length}
        idOf={({ id }) => id}
        sortedBy={null}
        openId={chosen?.clientId ?? null}
        onOpen={({ id }) => setClientId(id)}
        toneOf={({ client, culprit }) =>
          client.state === 'waiting' ? (culprit === null ? 'warn' : 'bad') : undefined
        }
        emptyText="No client waits for or holds a server connection now."
        tools={<p className={classes.dim}>A row draws its path; the box at its end leads to the query.</p>}
      />
      <ServersPanel profileId={part.profile.profileId} servers={picture.servers} />
      <NodeDrawer
        part={part}
        node={picture.nodes.find(({ id }) => id === nodeId)}
        opened={nodeId !== null}
        onClose={() => setNodeId(null)}
      />
    </>
  );
}

/** The client chosen; before that, and when it is gone, the one that waits longest. */
function rowToShow(picture: JoinedPicture, clientId: string | null): PictureRow | undefined {
  return picture.rows.find((row) => row.clientId === clientId) ?? picture.rows[0];
}
