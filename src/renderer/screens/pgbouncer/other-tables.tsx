import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ConsoleTableName } from '#shared/model/console-table.ts';
import { ConsoleTable } from './console-table.tsx';
import classes from './pgbouncer.module.css';
import type { PoolerPart } from './pooler-head.tsx';

const choices: { value: ConsoleTableName; label: string }[] = [
  { value: 'users', label: 'Users' },
  { value: 'lists', label: 'Lists' },
  { value: 'stats', label: 'Statistics' },
  { value: 'stats_totals', label: 'Statistics, totals' },
  { value: 'stats_averages', label: 'Statistics, averages (they move once a minute)' },
  { value: 'state', label: 'State' },
  { value: 'mem', label: 'Memory' },
  { value: 'dns_hosts', label: 'DNS hosts' },
  { value: 'dns_zones', label: 'DNS zones' },
  { value: 'peers', label: 'Peers' },
  { value: 'peer_pools', label: 'Peer pools' },
];

/** What else the console tells, one table at a time. */
export function OtherTables({ profile, pooler }: PoolerPart) {
  const offered = choices.filter(({ value }) => !pooler.missingTables.includes(value));
  const [chosen, setChosen] = useState<ConsoleTableName>('users');
  const shown = offered.find(({ value }) => value === chosen) ?? choices[0];
  if (shown === undefined) return null;
  return (
    <div className={classes.tab}>
      <div className={classes.toolbar}>
        <NativeSelect
          size="xs"
          aria-label="Table"
          data={choices.map((choice) => ({
            ...choice,
            disabled: !offered.includes(choice),
            label: offered.includes(choice) ? choice.label : `${choice.label} (not in ${pooler.version})`,
          }))}
          value={shown.value}
          onChange={(event) => setChosen(event.currentTarget.value as ConsoleTableName)}
        />
      </div>
      <ConsoleTable key={shown.value} profileId={profile.profileId} table={shown.value} label={shown.label} />
    </div>
  );
}
