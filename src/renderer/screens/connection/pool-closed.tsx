import { Button } from '@mantine/core';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { useConnect } from '../../data/pool-actions.ts';
import { useSampleDatabase } from '../../data/queries.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { goToConnection } from '../../navigation/place.ts';

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
  return (
    <EmptyState title={failed ? 'The pool is not open' : 'The pool is closed'}>
      {status.error !== null && <ErrorNote error={status.error} />}
      {!failed && <p>Connect to watch it: its connections open, and a point is drawn every second.</p>}
      <div>
        <Button mr="xs" onClick={() => connect.mutate(profile)}>
          Connect
        </Button>
        {failed && (
          <Button variant="default" onClick={() => goToConnection(profile.profileId, 'settings')}>
            Change the settings
          </Button>
        )}
      </div>
    </EmptyState>
  );
}
