import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { HistoryStorage, ProfileStorage } from '#shared/contract/history-storage.ts';
import { machineSeriesId } from '#shared/model/machine.ts';
import { formatCount, noValue } from '../../charts/formats.ts';
import { useProfiles } from '../../data/queries.ts';
import { formatBytes } from '../../kit/byte-words.ts';
import { Panel } from '../../kit/panel.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import classes from './history-screen.module.css';

/** What each connection takes up, the largest first; those deleted since included. */
export function SizesTable({ storage }: { storage: HistoryStorage }) {
  const saved = useProfiles().data;
  const [deleting, setDeleting] = useState<ProfileStorage | null>(null);
  const [opened, dialog] = useDisclosure(false);
  const isGone = ({ profileId }: ProfileStorage) =>
    profileId !== machineSeriesId &&
    saved !== undefined &&
    !saved.some((profile) => profile.profileId === profileId);
  const largest = Math.max(1, ...storage.profiles.map(({ bytes }) => bytes));
  return (
    <Panel title="By connection">
      {storage.profiles.length === 0 ? (
        <p className={classes.dim}>
          Nothing is recorded yet. Connect to a database, and every second of its pool is kept from then on.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
        <section className={classes.scroller} aria-label="Sizes by connection" tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Connection</th>
                <th scope="col" className={classes.number}>
                  Size
                </th>
                <th scope="col" className={classes.number}>
                  Samples
                </th>
                <th scope="col">Oldest</th>
                <th scope="col">Newest</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {storage.profiles.map((profile) => (
                <SizeRow
                  key={profile.profileId}
                  profile={profile}
                  largest={largest}
                  gone={isGone(profile)}
                  onDelete={() => {
                    setDeleting(profile);
                    dialog.open();
                  }}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <DeleteDialog
        opened={opened}
        onClose={dialog.close}
        asked={
          deleting && {
            deletion: { profileId: deleting.profileId, beforeMs: null },
            what: (
              <>
                the whole history of <bdi>{deleting.name}</bdi>
              </>
            ),
          }
        }
      />
    </Panel>
  );
}

interface RowProps {
  profile: ProfileStorage;
  largest: number;
  /** The connection itself is deleted; only its history is left. */
  gone: boolean;
  onDelete(): void;
}

function SizeRow({ profile, largest, gone, onDelete }: RowProps) {
  const { name, bytes, samples, oldestAtMs, newestAtMs } = profile;
  return (
    <tr>
      <th scope="row" className={classes.name}>
        <bdi>{name}</bdi>
        {gone && <span className={classes.gone}> deleted connection</span>}
        <span className={classes.share} style={{ width: `${(100 * bytes) / largest}%` }} aria-hidden />
      </th>
      <td className={classes.number}>{formatBytes(bytes)}</td>
      <td className={classes.number}>{formatCount(samples)}</td>
      <td>{oldestAtMs === null ? noValue : <RelativeTime atMs={oldestAtMs} />}</td>
      <td>{newestAtMs === null ? noValue : <RelativeTime atMs={newestAtMs} />}</td>
      <td className={classes.number}>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={`Delete the history of ${name}…`}
          onClick={onDelete}
        >
          Delete…
        </Button>
      </td>
    </tr>
  );
}
