import { Button, Popover } from '@mantine/core';
import { useAppInfo, usePools, useProfiles } from '../data/queries.ts';
import { useLink } from '../data/use-link.ts';
import { RelativeTime } from '../kit/relative-time.tsx';
import { useSamplesPerSecond } from '../live/latest-samples.ts';
import { hashOfPlace } from '../navigation/place.ts';
import { newestError } from './newest-error.ts';
import { RecordingNotice } from './recording-notice.tsx';
import classes from './status-line.module.css';

const linkWords = { connecting: 'Reaching Poolscope…', lost: 'Link lost' } as const;

/** What the instrument itself is doing: sampling, link, the last error, where its data lies. */
export function StatusLine() {
  const link = useLink();
  const profiles = useProfiles().data ?? [];
  const pools = Object.values(usePools().data ?? {});
  const info = useAppInfo().data;
  const samplesPerSecond = useSamplesPerSecond();
  const openCount = pools.filter((pool) => pool.state === 'open').length;
  const error = newestError(pools, profiles);

  return (
    <footer className={classes.line}>
      {link !== 'connected' && <span data-lost={link === 'lost' || undefined}>{linkWords[link]}</span>}
      <span>{samplesPerSecond === 1 ? '1 sample/s' : `${samplesPerSecond} samples/s`}</span>
      <span>{openCount === 1 ? '1 open pool' : `${openCount} open pools`}</span>
      <RecordingNotice />
      <span className={classes.error}>
        {error === null ? (
          'No errors'
        ) : (
          <>
            Last error:{' '}
            <a href={hashOfPlace({ screen: 'connection', profileId: error.profileId, tab: 'live' })}>
              <bdi>{error.name}</bdi>: {error.message}
            </a>{' '}
            {error.atMs !== null && <RelativeTime atMs={error.atMs} />}
          </>
        )}
      </span>
      {info !== undefined && (
        <Popover position="top-end" withArrow>
          <Popover.Target>
            <Button variant="transparent" size="compact-xs" className={classes.about} title={info.dataFolder}>
              Data folder
            </Button>
          </Popover.Target>
          <Popover.Dropdown className={classes.dropdown}>
            <p>Saved connections and the log are in</p>
            <code>{info.dataFolder}</code>
            <p>Poolscope {info.version}</p>
          </Popover.Dropdown>
        </Popover>
      )}
    </footer>
  );
}
