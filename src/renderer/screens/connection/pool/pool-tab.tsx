import type { ReactNode } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { ActionsPanel } from './actions-panel.tsx';
import { EventLog } from './event-log.tsx';
import { HeldPanel } from './held-panel.tsx';
import classes from './pool.module.css';
import { SizePanel } from './size-panel.tsx';
import { StatePanel } from './state-panel.tsx';
import { usePoolDetails } from './use-pool-details.ts';

interface Props {
  profile: ProfileView;
  open: boolean;
  /** What stands in place of a pool that is not open. */
  closed: ReactNode;
}

/** The running pool: its sizes and times to change, who holds what, and everything that happened in it. */
export function PoolTab({ profile, open, closed }: Props) {
  return (
    <div className={classes.tab}>
      {open ? <RunningPool profile={profile} /> : closed}
      <EventLog profile={profile} />
    </div>
  );
}

function RunningPool({ profile }: { profile: ProfileView }) {
  const details = usePoolDetails(profile.profileId);
  if (details.data === undefined) {
    return details.isError ? (
      <ErrorNote error={payloadOf(details.error)} />
    ) : (
      <p role="status">Asking the pool…</p>
    );
  }
  return (
    <>
      {details.isError && <ErrorNote error={payloadOf(details.error)} />}
      <div className={classes.panels}>
        <SizePanel profile={profile} settings={details.data.settings} />
        <StatePanel details={details.data} />
      </div>
      <HeldPanel held={details.data.held} thresholdMs={profile.leakThresholdMs} />
      <ActionsPanel profile={profile} heldCount={details.data.held.length} />
    </>
  );
}
