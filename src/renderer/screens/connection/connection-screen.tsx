import { Tabs, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { AlertBanner } from '../../alerts/alert-banner.tsx';
import { leadsToConsole } from '../../data/leads-to-console.ts';
import { closedPool, usePools } from '../../data/queries.ts';
import { type ConnectionTab, goToConnection } from '../../navigation/place.ts';
import { PoolerScreen } from '../pgbouncer/pooler-screen.tsx';
import { AdviceTab } from './advice/advice-tab.tsx';
import { ConnectionHeader } from './connection-header.tsx';
import classes from './connection-screen.module.css';
import { LiveTab } from './live/live-tab.tsx';
import { NamesTab } from './names/names-tab.tsx';
import { PastOfClosed } from './past-of-closed.tsx';
import { PoolTab } from './pool/pool-tab.tsx';
import { PoolClosed } from './pool-closed.tsx';
import { SessionCharts } from './sessions/session-charts.tsx';
import { SessionsTab } from './sessions/sessions-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';

// The editor is as large as the rest of the page: loaded when it is wanted.
const QueryTab = lazy(async () => ({ default: (await import('./query/query-tab.tsx')).QueryTab }));

const tabs: { value: ConnectionTab; label: string }[] = [
  { value: 'live', label: 'Live' },
  { value: 'pool', label: 'Pool' },
  { value: 'sessions', label: 'Sessions' },
  { value: 'names', label: 'Names' },
  { value: 'query', label: 'Query' },
  { value: 'advice', label: 'Advice' },
  { value: 'settings', label: 'Settings' },
];

/** One connection: its header, and the tab the address names. */
export function ConnectionScreen({ profile, tab }: { profile: ProfileView; tab: ConnectionTab }) {
  const pools = usePools().data ?? {};
  const status = pools[profile.profileId] ?? closedPool(profile.profileId);
  if (leadsToConsole(profile, status)) return <PoolerScreen profile={profile} status={status} tab={tab} />;
  const open = status.state === 'open' || status.state === 'closing';
  const closed = <PoolClosed profile={profile} status={status} />;

  return (
    <Tabs
      className={classes.screen}
      // An address that names a tab of poolers means the first one here.
      value={tabs.some(({ value }) => value === tab) ? tab : 'live'}
      onChange={(value) => goToConnection(profile.profileId, value as ConnectionTab)}
      keepMounted={false}
    >
      <ConnectionHeader
        profile={profile}
        status={status}
        connectOffered={!open && tab !== 'settings' && tab !== 'advice'}
      />
      <AlertBanner profileId={profile.profileId} />
      <Tabs.List className={classes.tabs ?? ''} aria-label={`Parts of ${profile.name}`}>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel className={classes.panel ?? ''} value="live">
        <VisuallyHidden component="h2">Live</VisuallyHidden>
        {open ? (
          <LiveTab profileId={profile.profileId} />
        ) : (
          <PastOfClosed history={<LiveTab profileId={profile.profileId} />}>{closed}</PastOfClosed>
        )}
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="pool">
        <VisuallyHidden component="h2">Pool</VisuallyHidden>
        <PoolTab profile={profile} open={open} closed={closed} />
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="sessions">
        <VisuallyHidden component="h2">Sessions</VisuallyHidden>
        {open ? (
          <SessionsTab profile={profile} />
        ) : (
          <PastOfClosed history={<SessionCharts profileId={profile.profileId} />}>{closed}</PastOfClosed>
        )}
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="names">
        {open ? <NamesTab profile={profile} /> : closed}
      </Tabs.Panel>
      <Tabs.Panel className={`${classes.panel} ${classes.filled}`} value="query">
        <VisuallyHidden component="h2">Query</VisuallyHidden>
        <Suspense>{open ? <QueryTab profile={profile} /> : closed}</Suspense>
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="advice">
        <AdviceTab profile={profile} poolOpen={open} />
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="settings">
        <SettingsTab profile={profile} poolOpen={open} />
      </Tabs.Panel>
    </Tabs>
  );
}
