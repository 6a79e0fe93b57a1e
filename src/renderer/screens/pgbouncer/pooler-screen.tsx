import { Tabs, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { PoolerCommand } from '#shared/model/pooler-command.ts';
import { everyPool } from '#shared/model/pooler-point.ts';
import { AlertBanner } from '../../alerts/alert-banner.tsx';
import { payloadOf } from '../../data/errors.ts';
import { usePoolers } from '../../data/queries.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { usePoolerOverview } from '../../live/pooler/use-pooler.ts';
import { type ConnectionTab, goToConnection } from '../../navigation/place.ts';
import { useRangeState } from '../../ranges/range-store.ts';
import { ConnectionHeader } from '../connection/connection-header.tsx';
import classes from '../connection/connection-screen.module.css';
import { HealthPanel } from '../connection/health/health-panel.tsx';
import { PastOfClosed } from '../connection/past-of-closed.tsx';
import { PoolClosed } from '../connection/pool-closed.tsx';
import { SettingsTab } from '../connection/settings-tab.tsx';
import { CommandDialog } from './command-dialog.tsx';
import { ConfigurationTab } from './configuration-tab.tsx';
import { ConsoleTableTab } from './console-table-tab.tsx';
import { DatabaseDrawer } from './database-drawer.tsx';
import { OtherTables } from './other-tables.tsx';
import pooling from './pgbouncer.module.css';
import { PictureTab } from './picture/picture-tab.tsx';
import { PoolCharts } from './pool-charts.tsx';
import { PoolerHead } from './pooler-head.tsx';
import { PoolsTab } from './pools-tab.tsx';

const tabs: { value: ConnectionTab; label: string }[] = [
  { value: 'pools', label: 'Pools' },
  { value: 'picture', label: 'Who waits for whom' },
  { value: 'clients', label: 'Clients' },
  { value: 'servers', label: 'Servers' },
  { value: 'databases', label: 'Databases' },
  { value: 'tables', label: 'More tables' },
  { value: 'configuration', label: 'Configuration' },
  { value: 'settings', label: 'Settings' },
];

const isOwnTab = (tab: ConnectionTab) => tabs.some(({ value }) => value === tab);

interface Props {
  profile: ProfileView;
  status: PoolStatus;
  tab: ConnectionTab;
}

/** A connection that leads to a pooler's console: its pools and what can be told it, instead of a pool of its own. */
export function PoolerScreen({ profile, status, tab }: Props) {
  const open = status.state === 'open' || status.state === 'closing';
  // An address that names a tab of databases, from the fleet say, means the first one here.
  const shown = isOwnTab(tab) ? tab : 'pools';
  return (
    <Tabs
      className={classes.screen}
      value={shown}
      onChange={(value) => goToConnection(profile.profileId, value as ConnectionTab)}
      keepMounted={false}
    >
      <ConnectionHeader profile={profile} status={status} connectOffered={!open && shown !== 'settings'} />
      <AlertBanner profileId={profile.profileId} />
      <Tabs.List className={classes.tabs ?? ''} aria-label={`Parts of ${profile.name}`}>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, label }) => (
        <Tabs.Panel key={value} className={classes.panel ?? ''} value={value}>
          {value === 'settings' ? (
            <SettingsTab profile={profile} poolOpen={open} />
          ) : open ? (
            <>
              <VisuallyHidden component="h2">{label}</VisuallyHidden>
              <OpenPooler profile={profile} tab={value} />
            </>
          ) : value === 'pools' ? (
            <PastOfClosed history={<PastPools profile={profile} />}>
              <PoolClosed profile={profile} status={status} />
            </PastOfClosed>
          ) : (
            <PoolClosed profile={profile} status={status} />
          )}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** What was recorded, of all pools together: which ones there are, only an open console tells. */
function PastPools({ profile }: { profile: ProfileView }) {
  return (
    <div className={pooling.tab}>
      <PoolCharts profile={profile} scope={everyPool} poolCount={0} tools={null} />
    </div>
  );
}

/** What of an open console a tab shows, and the dialogs it leads to. */
function OpenPooler({ profile, tab }: { profile: ProfileView; tab: ConnectionTab }) {
  const { profileId } = profile;
  const overview = usePoolerOverview(profileId);
  const { current: range } = useRangeState();
  const pooler = usePoolers().data?.[profileId] ?? overview.data?.status;
  const [asked, setAsked] = useState<PoolerCommand | null>(null);
  const [database, setDatabase] = useState<string | null>(null);
  if (pooler === undefined) {
    if (!overview.isError) return <p role="status">Asking the console…</p>;
    const note = <ErrorNote error={payloadOf(overview.error)} />;
    if (tab !== 'pools') return note;
    return <PastOfClosed history={<PastPools profile={profile} />}>{note}</PastOfClosed>;
  }
  const shared = { profile, pooler, onCommand: setAsked };
  return (
    <>
      <PoolerHead {...shared} />
      {tab === 'pools' && (
        <>
          <PoolsTab profile={profile} onDatabase={setDatabase} />
          <HealthPanel profileId={profileId} range={range} />
        </>
      )}
      {tab === 'picture' && <PictureTab {...shared} />}
      {(tab === 'clients' || tab === 'servers' || tab === 'databases') && (
        <ConsoleTableTab {...shared} table={tab} onDatabase={setDatabase} />
      )}
      {tab === 'tables' && <OtherTables {...shared} />}
      {tab === 'configuration' && <ConfigurationTab {...shared} />}
      <DatabaseDrawer
        {...shared}
        database={database}
        covered={asked !== null}
        onClose={() => setDatabase(null)}
      />
      <CommandDialog
        profileId={profileId}
        asked={asked}
        onClose={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          setDatabase(null);
        }}
      />
    </>
  );
}
