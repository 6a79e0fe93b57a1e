import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { isChartAsked } from '../../charts/chart-to-show.ts';
import classes from './connection-screen.module.css';
import { LiveTab } from './live/live-tab.tsx';

/** A closed pool has a past all the same: what there is to say of it, and its history when asked for. */
export function PastOfClosed({ profile, children }: { profile: ProfileView; children: ReactNode }) {
  const [shown, setShown] = useState(() => isChartAsked());
  return (
    <>
      {children}
      {shown ? (
        <LiveTab profileId={profile.profileId} />
      ) : (
        <div className={classes.past}>
          <Button variant="default" onClick={() => setShown(true)}>
            Show its history
          </Button>
        </div>
      )}
    </>
  );
}
