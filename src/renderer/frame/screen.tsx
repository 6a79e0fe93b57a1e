import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { payloadOf } from '../data/errors.ts';
import { useProfiles } from '../data/queries.ts';
import { EmptyState } from '../kit/empty-state.tsx';
import { ErrorNote } from '../kit/error-note.tsx';
import { go, type Place } from '../navigation/place.ts';
import { AddConnection } from '../screens/add-connection/add-connection.tsx';
import { BundleScreen } from '../screens/bundle/bundle-screen.tsx';
import { ConnectionScreen } from '../screens/connection/connection-screen.tsx';
import { FirstRun } from '../screens/first-run/first-run.tsx';
import { HistoryScreen } from '../screens/history/history-screen.tsx';
import { Overview } from '../screens/overview/overview.tsx';

const QueryManyScreen = lazy(async () => ({
  default: (await import('../screens/query-many/query-many-screen.tsx')).QueryManyScreen,
}));

/** The screen of a place, once the profiles are known. */
export function Screen({ place }: { place: Place }) {
  const profiles = useProfiles();
  // These two stand without any saved connection.
  if (place.screen === 'history') return <HistoryScreen />;
  if (place.screen === 'bundle') return <BundleScreen key={place.bundleId} bundleId={place.bundleId} />;
  if (profiles.isError && profiles.data === undefined) {
    return (
      <EmptyState level={1} title="The saved connections could not be read">
        <ErrorNote error={payloadOf(profiles.error)} />
        <Button onClick={() => void profiles.refetch()} loading={profiles.isFetching}>
          Try again
        </Button>
      </EmptyState>
    );
  }
  if (profiles.data === undefined) return null;
  if (place.screen === 'add') return <AddConnection />;
  if (profiles.data.length === 0) return <FirstRun />;
  if (place.screen === 'overview') return <Overview profiles={profiles.data} />;
  if (place.screen === 'query') {
    return (
      <Suspense>
        <QueryManyScreen profiles={profiles.data} />
      </Suspense>
    );
  }
  const profile = profiles.data.find(({ profileId }) => profileId === place.profileId);
  if (profile === undefined) {
    return (
      <EmptyState level={1} title="There is no such connection">
        <p>It was deleted, or the address is from another machine.</p>
        <Button onClick={() => go({ screen: 'overview' })}>Go to the overview</Button>
      </EmptyState>
    );
  }
  return <ConnectionScreen key={profile.profileId} profile={profile} tab={place.tab} />;
}
