import { Button } from '@mantine/core';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { useConnect } from '../../data/pool-actions.ts';
import { useSampleDatabase } from '../../data/queries.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { goToConnection } from '../../navigation/place.ts';
import { focusFieldOnOpen } from '../profile-form/field-to-focus.ts';
import { PasswordToConnect } from './password-to-connect.tsx';
import classes from './pool-closed.module.css';

/** In place of what needs an open pool: why it is closed, and the way to open it. */
export function PoolClosed({ profile, status }: { profile: ProfileView; status: PoolStatus }) {
  const connect = useConnect();
  const sample = useSampleDatabase().data;
  const step = profile.kind === 'sample' && sample?.state === 'starting' ? sample.step : '';
  const opening = status.state === 'opening' || connect.isPending || step !== '';
  if (opening) {
    return (
      <EmptyState title="Connecting…">
        <p role="status">
          {step || 'Logging in and opening the smallest number of connections this pool keeps.'}
        </p>
      </EmptyState>
    );
  }
  const failed = status.error !== null;
  const authFailed = status.error?.code === 'auth_failed';
  // Other refusals of a login, by pg_hba.conf say, no password mends.
  const isWrong = authFailed && status.error?.details.sqlState === '28P01';
  const asksPassword = profile.kind === 'user' && authFailed && (isWrong || !profile.hasPassword);
  const changeSettings = () => {
    if (authFailed) focusFieldOnOpen(profile.profileId, 'password');
    goToConnection(profile.profileId, 'settings');
  };
  const settingsButton = (
    <Button variant="default" onClick={changeSettings}>
      Change the settings
    </Button>
  );
  return (
    <EmptyState title={failed ? 'The pool is not open' : 'The pool is closed'}>
      {status.error !== null && <ErrorNote error={status.error} />}
      {!failed && <p>Connect to watch it: its connections open, and a point is drawn every second.</p>}
      {asksPassword ? (
        <PasswordToConnect profile={profile}>{settingsButton}</PasswordToConnect>
      ) : (
        <div className={classes.buttons}>
          <Button onClick={() => connect.mutate(profile)}>Connect</Button>
          {failed && settingsButton}
        </div>
      )}
    </EmptyState>
  );
}
