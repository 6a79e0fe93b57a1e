import { Button } from '@mantine/core';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { HealthReport } from '#shared/model/health.ts';
import { formatDuration } from '../../charts/formats.ts';
import { useCheckNow } from '../../data/pool-actions.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import classes from './connection-header.module.css';

/** How the last check went, when it ran, and why the last failed one failed. */
export function HealthSummary({ profile, health }: { profile: ProfileView; health: HealthReport }) {
  const check = useCheckNow(profile.profileId);
  const { roundTripMs, lastCheckedAtMs, lastError, consecutiveFailures } = health;
  const failing = consecutiveFailures > 0;
  const linkLost = useLinkLost();
  return (
    <>
      <div className={classes.health}>
        {roundTripMs !== null && !failing && !linkLost && (
          <span>
            Round trip <span className={classes.figure}>{formatDuration(roundTripMs)}</span>
          </span>
        )}
        <span>
          {lastCheckedAtMs === null ? (
            'Not checked yet'
          ) : (
            <>
              Checked <RelativeTime atMs={lastCheckedAtMs} />
            </>
          )}
        </span>
        {failing && (
          <span className={classes.figure}>
            {consecutiveFailures === 1 ? '1 check failed' : `${consecutiveFailures} checks in a row failed`}
          </span>
        )}
        <Button variant="subtle" size="compact-xs" loading={check.isPending} onClick={() => check.mutate()}>
          Check now
        </Button>
        {!failing && lastError !== null && (
          <span className={classes.past}>
            Last failure <RelativeTime atMs={lastError.atMs} />: {lastError.message}
          </span>
        )}
      </div>
      {failing && lastError !== null && (
        <div className={classes.failing}>
          <ErrorNote error={lastError} />
        </div>
      )}
    </>
  );
}
