import { Button, TextInput, Tooltip } from '@mantine/core';
import { BellRing, Database, LayoutDashboard, OctagonX, Plus, Settings, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { useAlertCounts } from '../alerts/alert-queries.ts';
import { AlertCountBadges } from '../alerts/severity-badge.tsx';
import { useConnectAll, useDisconnectAll } from '../data/pool-actions.ts';
import { closedPool, usePools, useProfiles } from '../data/queries.ts';
import { useLinkLost } from '../data/use-link.ts';
import { useRowKeys } from '../kit/use-row-keys.ts';
import { go, hashOfPlace, type Place } from '../navigation/place.ts';
import { isFailing } from './failing-since.ts';
import classes from './fleet.module.css';
import { FleetRow } from './fleet-row.tsx';

/** Below this many, the eye is faster than a search box. */
const searchFrom = 9;

interface Props {
  place: Place;
  /** A row or button was used; the drawer closes. */
  onChosen?: () => void;
}

/** Every connection with its state, and the actions on all of them. */
export function Fleet({ place, onChosen }: Props) {
  const profiles = useProfiles().data ?? [];
  const pools = usePools().data ?? {};
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = profiles.filter((profile) =>
    [profile.name, profile.host, profile.database].some((text) => text.toLowerCase().includes(wanted)),
  );
  const currentId = place.screen === 'connection' ? place.profileId : null;
  const { onKeyDown, rowProps } = useRowKeys(
    shown.map(({ profileId }) => profileId),
    currentId,
  );
  const linkLost = useLinkLost();
  const failingCount = profiles.filter(({ profileId }) => {
    const status = pools[profileId];
    return status !== undefined && isFailing(status);
  }).length;
  const tab = place.screen === 'connection' ? place.tab : 'live';

  return (
    <div className={classes.fleet}>
      <div className={classes.head}>
        <a
          className={classes.overview}
          href={hashOfPlace({ screen: 'overview' })}
          aria-current={place.screen === 'overview' ? 'page' : undefined}
          onClick={onChosen}
        >
          <LayoutDashboard size={16} aria-hidden />
          Overview
        </a>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Plus size={14} aria-hidden />}
          aria-label="Add a connection"
          onClick={() => {
            go({ screen: 'add' });
            onChosen?.();
          }}
        >
          Add
        </Button>
      </div>
      <div className={classes.alerts}>
        <AlertsEntry place={place} onChosen={onChosen} />
      </div>
      {failingCount > 0 && !linkLost && (
        <a
          className={classes.failing}
          href={hashOfPlace({ screen: 'overview' })}
          title="The overview has them first"
          onClick={onChosen}
        >
          <OctagonX size={14} aria-hidden />
          {failingCount} failing
        </a>
      )}
      {profiles.length >= searchFrom && (
        <TextInput
          className={classes.search}
          aria-label="Search connections"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <nav className={classes.nav} aria-label="Connections">
        <ul className={classes.list} onKeyDown={onKeyDown}>
          {shown.map((profile) => (
            <FleetRow
              key={profile.profileId}
              profile={profile}
              status={pools[profile.profileId] ?? closedPool(profile.profileId)}
              href={hashOfPlace({ screen: 'connection', profileId: profile.profileId, tab })}
              current={profile.profileId === currentId}
              rowProps={rowProps(profile.profileId)}
              onChosen={onChosen}
            />
          ))}
        </ul>
        {shown.length === 0 && <p className={classes.none}>No connection matches “{search.trim()}”.</p>}
      </nav>
      <div className={classes.foot}>
        <a
          className={classes.overview}
          href={hashOfPlace({ screen: 'query' })}
          aria-current={place.screen === 'query' ? 'page' : undefined}
          onClick={onChosen}
        >
          <SquareTerminal size={16} aria-hidden />
          Query many
        </a>
        <a
          className={classes.overview}
          href={hashOfPlace({ screen: 'history' })}
          aria-current={place.screen === 'history' || place.screen === 'bundle' ? 'page' : undefined}
          onClick={onChosen}
        >
          <Database size={16} aria-hidden />
          History
        </a>
        <a
          className={classes.overview}
          href={hashOfPlace({ screen: 'settings' })}
          aria-current={place.screen === 'settings' ? 'page' : undefined}
          onClick={onChosen}
        >
          <Settings size={16} aria-hidden />
          Settings
        </a>
      </div>
      <AllButtons
        openCount={profiles.filter((profile) => pools[profile.profileId]?.state === 'open').length}
        count={profiles.length}
      />
    </div>
  );
}

function AlertsEntry({ place, onChosen }: { place: Place; onChosen: (() => void) | undefined }) {
  const counts = useAlertCounts();
  const current = place.screen === 'alerts' || place.screen === 'alert';
  return (
    <a
      className={classes.overview}
      href={hashOfPlace({ screen: 'alerts', part: 'open', profileId: null })}
      aria-current={current ? 'page' : undefined}
      onClick={onChosen}
    >
      <BellRing size={16} aria-hidden />
      Alerts
      <AlertCountBadges counts={counts} />
    </a>
  );
}

function AllButtons({ openCount, count }: { openCount: number; count: number }) {
  const connectAll = useConnectAll();
  const disconnectAll = useDisconnectAll();
  const pools = (n: number) => (n === 1 ? '1 pool' : `${n} pools`);
  return (
    <div className={classes.all}>
      <Tooltip label={`Opens ${pools(count - openCount)}`}>
        <Button
          variant="default"
          size="compact-xs"
          disabled={openCount === count}
          loading={connectAll.isPending}
          onClick={() => connectAll.mutate()}
        >
          Connect all
        </Button>
      </Tooltip>
      <Tooltip label={`Closes ${pools(openCount)}; connections in use are given time to finish`}>
        <Button
          variant="default"
          size="compact-xs"
          disabled={openCount === 0}
          loading={disconnectAll.isPending}
          onClick={() => disconnectAll.mutate()}
        >
          Disconnect all
        </Button>
      </Tooltip>
    </div>
  );
}
