import { Button, Checkbox, Kbd } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePause, Play } from 'lucide-react';
import { useEffect } from 'react';
import type { PauseHold, PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../bridge/client.ts';
import { putPooler, usePoolers, usePools, useProfiles } from '../data/queries.ts';
import { useLinkLost } from '../data/use-link.ts';
import { RelativeTime } from '../kit/relative-time.tsx';
import classes from './pause-banner.module.css';

/** Says on every screen which poolers stand still, with Resume one key away. */
export function PauseBanner() {
  const poolers = usePoolers().data ?? {};
  const pools = usePools().data ?? {};
  const profiles = useProfiles().data ?? [];
  const linkLost = useLinkLost();
  const stopped = profiles.flatMap((profile) => {
    const pooler = poolers[profile.profileId];
    const open = pools[profile.profileId]?.state !== 'closed';
    return pooler !== undefined && open && standsStill(pooler) ? [{ profile, pooler }] : [];
  });
  const resume = useResume();
  const { mutate } = resume;
  // A PAUSE of somebody else's may be a failover under way: a stray key must not end it.
  const resumable = stopped.filter(({ profile, pooler }) => !profile.readOnly && isOurs(pooler));
  const key = JSON.stringify(resumable.map(({ profile, pooler }) => [profile.profileId, targetsOf(pooler)]));
  useEffect(() => {
    const targets = JSON.parse(key) as [string, (string | null)[]][];
    if (targets.length === 0) return;
    const hear = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'r' || event.repeat || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      for (const [profileId, databases] of targets) mutate({ profileId, databases });
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [key, mutate]);
  if (stopped.length === 0 || linkLost) return null;
  return (
    <div className={classes.banner} role="alert">
      {stopped.map(({ profile, pooler }) => (
        <Stopped
          key={profile.profileId}
          profile={profile}
          pooler={pooler}
          resuming={resume.isPending}
          onResume={() => mutate({ profileId: profile.profileId, databases: targetsOf(pooler) })}
        />
      ))}
    </div>
  );
}

export const standsStill = ({ holds, state }: PoolerStatus): boolean =>
  holds.length > 0 || state === 'paused' || state === 'suspended';

const isOurs = ({ holds }: PoolerStatus): boolean => holds.length > 0;

/** What a RESUME is owed for: each hold, or all of a pooler that somebody else paused. */
export const targetsOf = ({ holds }: PoolerStatus): (string | null)[] =>
  holds.length === 0 ? [null] : holds.map(({ database }) => database);

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;

function useResume() {
  return useMutation({
    mutationFn: async ({ profileId, databases }: { profileId: string; databases: (string | null)[] }) => {
      for (const database of databases) {
        await request('pgbouncer.run', { profileId, command: { kind: 'resume', database } });
      }
    },
    meta: { failure: 'The pooler could not be resumed' },
  });
}

interface StoppedProps {
  profile: ProfileView;
  pooler: PoolerStatus;
  resuming: boolean;
  onResume(): void;
}

function Stopped({ profile, pooler, resuming, onResume }: StoppedProps) {
  return (
    <div className={classes.line}>
      <CirclePause className={classes.icon} size={20} aria-hidden />
      <div className={classes.words}>
        {pooler.holds.length === 0 ? (
          <p>
            <strong>
              {profile.name} is {pooler.state}.
            </strong>{' '}
            Somebody else did that; no query passes through it.
          </p>
        ) : (
          pooler.holds.map((hold) => (
            <HoldLine key={JSON.stringify(hold.database)} profile={profile} hold={hold} />
          ))
        )}
      </div>
      <Button
        className={classes.resume ?? ''}
        color="red.9"
        leftSection={<Play size={14} aria-hidden />}
        {...(isOurs(pooler) ? { rightSection: <Kbd size="xs">R</Kbd>, 'aria-keyshortcuts': 'R' } : {})}
        loading={resuming}
        disabled={profile.readOnly}
        onClick={onResume}
      >
        Resume {profile.name}
      </Button>
    </div>
  );
}

const stateWords: Record<PauseHold['state'], string> = {
  pausing: 'is being paused: new queries wait already',
  paused: 'is paused: its clients wait',
  resuming: 'is being resumed',
};

function HoldLine({ profile, hold }: { profile: ProfileView; hold: PauseHold }) {
  const client = useQueryClient();
  const keep = useMutation({
    mutationFn: (autoResume: boolean) =>
      request('pgbouncer.keepHold', { profileId: profile.profileId, database: hold.database, autoResume }),
    onSuccess: (status) => putPooler(client, status),
    meta: { failure: 'That could not be changed' },
  });
  return (
    <div>
      <p>
        <strong>
          {hold.database === null ? profile.name : `“${hold.database}” of ${profile.name}`}{' '}
          {hold.by === 'kill' && hold.state === 'paused'
            ? 'was killed and stays paused: its clients wait'
            : stateWords[hold.state]}
          .
        </strong>{' '}
        Since <RelativeTime atMs={hold.sinceMs} />.
        {hold.takenBackAtMs !== null && ' Taken back by itself when it does not finish.'}
        {hold.lastError !== null && ` In the way: ${hold.lastError.message}`}
      </p>
      <Checkbox
        size="xs"
        label="Resume by itself when Poolscope quits or loses the console"
        checked={hold.autoResume}
        disabled={keep.isPending}
        onChange={(event) => keep.mutate(event.currentTarget.checked)}
      />
    </div>
  );
}
