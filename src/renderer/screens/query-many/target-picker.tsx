import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { poolView } from '../../data/pool-view.ts';
import { closedPool } from '../../data/queries.ts';
import { StatusBadge } from '../../kit/status-badge.tsx';
import { targetOf } from '../../kit/target-of.ts';
import classes from './query-many.module.css';

interface Props {
  profiles: readonly ProfileView[];
  pools: Readonly<Record<string, PoolStatus>>;
  chosen: ReadonlySet<string>;
  onChoose(profileIds: Iterable<string>): void;
}

/** Which connections to ask. Those whose pool is closed cannot be chosen: connecting is for the user to do. */
export function TargetPicker({ profiles, pools, chosen, onChoose }: Props) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const statusOf = (profileId: string) => pools[profileId] ?? closedPool(profileId);
  const shown = profiles.filter((profile) =>
    [profile.name, targetOf(profile)].some((text) => text.toLowerCase().includes(wanted)),
  );
  const open = shown.filter(({ profileId }) => statusOf(profileId).state === 'open');
  const set = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onChoose(next);
  };
  const shownIds = shown.map(({ profileId }) => profileId);
  return (
    <fieldset className={classes.picker}>
      <legend className={classes.legend}>Connections</legend>
      <TextInput
        aria-label="Filter the connections"
        placeholder="Filter"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div className={classes.pickerButtons}>
        <Button
          variant="default"
          size="compact-xs"
          disabled={open.length === 0}
          onClick={() =>
            set(
              open.map(({ profileId }) => profileId),
              true,
            )
          }
        >
          {wanted === '' ? 'All' : 'All that match'}
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => set(shownIds, false)}>
          None
        </Button>
        <span className={classes.dim} role="status">
          {chosen.size} chosen
        </span>
      </div>
      <ul className={classes.targets}>
        {shown.map((profile) => {
          const { profileId, name } = profile;
          const status = statusOf(profileId);
          const isOpen = status.state === 'open';
          return (
            <li key={profileId} className={classes.target}>
              <Checkbox
                size="xs"
                label={<bdi>{name}</bdi>}
                description={targetOf(profile)}
                title={isOpen ? undefined : 'Connect first: its pool is closed'}
                disabled={!isOpen && !chosen.has(profileId)}
                checked={chosen.has(profileId)}
                onChange={(event) => set([profileId], event.currentTarget.checked)}
              />
              <StatusBadge view={poolView(status)} />
            </li>
          );
        })}
      </ul>
      {shown.length === 0 && (
        <p className={classes.dim}>
          {wanted === '' ? 'No connection leads to a database.' : `No connection matches “${filter.trim()}”.`}
        </p>
      )}
    </fieldset>
  );
}
