import { Button, Popover } from '@mantine/core';
import { useMemo } from 'react';
import { useAppInfo, usePools, useProfiles } from '../data/queries.ts';
import { useLink, useLinkLost } from '../data/use-link.ts';
import { RelativeTime } from '../kit/relative-time.tsx';
import { useSamplesPerSecond } from '../live/latest-samples.ts';
import { hashOfPlace } from '../navigation/place.ts';
import { RecordingNotice } from './recording-notice.tsx';
import classes from './status-line.module.css';
import { type Trouble, troubleOf } from './trouble.ts';
import { useFailingSince } from './use-failing-since.ts';

const linkWords = {
  connecting: 'Reaching Poolscope…',
  lost: 'Link lost',
  refused: 'Poolscope was started anew',
} as const;

/** What the instrument itself is doing: sampling, link, the last error, where its data lies. */
export function StatusLine() {
  const link = useLink();
  const profiles = useProfiles().data ?? [];
  const poolsById = usePools().data;
  const pools = useMemo(() => poolsById && Object.values(poolsById), [poolsById]);
  const info = useAppInfo().data;
  const samplesPerSecond = useSamplesPerSecond();
  const linkLost = useLinkLost();
  const openCount = pools?.filter((pool) => pool.state === 'open').length ?? 0;
  const trouble = troubleOf(pools ?? [], profiles, useFailingSince(pools));

  return (
    <footer className={classes.line}>
      {link !== 'connected' && <span data-lost={linkLost || undefined}>{linkWords[link]}</span>}
      {!linkLost && (
        <>
          <span>{samplesPerSecond === 1 ? '1 sample/s' : `${samplesPerSecond} samples/s`}</span>
          <span>{openCount === 1 ? '1 open pool' : `${openCount} open pools`}</span>
          <RecordingNotice />
        </>
      )}
      <span className={classes.error}>{!linkLost && <TroubleLine trouble={trouble} />}</span>
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

function TroubleLine({ trouble }: { trouble: Trouble }) {
  if (trouble.kind === 'none') return 'No errors';
  if (trouble.kind === 'several') {
    return <a href={hashOfPlace({ screen: 'overview' })}>{trouble.count} connections failing</a>;
  }
  const { profileId, name, message, atMs } = trouble;
  return (
    <>
      {trouble.kind === 'one' ? 'Failing: ' : 'Last error: '}
      <a href={hashOfPlace({ screen: 'connection', profileId, tab: 'live' })}>
        <bdi>{name}</bdi>: {message}
      </a>
      {atMs !== null && (
        <>
          {trouble.kind === 'one' ? ' · began ' : ' '}
          <RelativeTime atMs={atMs} />
        </>
      )}
    </>
  );
}
