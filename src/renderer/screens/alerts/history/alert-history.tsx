import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import { useAlertHistory } from '../../../alerts/alert-queries.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { AlertFilters } from '../alert-filters.tsx';
import { AlertItem } from '../alert-item.tsx';
import classes from '../alerts-screen.module.css';

/** Alerts that are over, the newest first. */
export function AlertHistory({ profileId }: { profileId: string | null }) {
  const [severity, setSeverity] = useState<AlertSeverity | null>(null);
  const history = useAlertHistory({ profileId, severity });
  const alerts = history.data?.pages.flatMap((page) => page.alerts) ?? [];
  const isFiltered = profileId !== null || severity !== null;
  return (
    <div className={classes.part}>
      <div className={classes.tools}>
        <AlertFilters part="history" profileId={profileId} severity={severity} onSeverity={setSeverity} />
      </div>
      {history.isError && (
        <ErrorNote error={payloadOf(history.error)}>
          <Button variant="default" loading={history.isFetching} onClick={() => void history.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {history.isPending && (
        <p role="status" className={classes.dim}>
          Reading the history…
        </p>
      )}
      {history.data !== undefined && alerts.length === 0 && (
        <p className={classes.dim}>
          {isFiltered
            ? 'No alert that is over matches the filter.'
            : 'No alert is over yet. About the last 2,000 are kept here.'}
        </p>
      )}
      {alerts.length > 0 && (
        <ul className={classes.list} aria-label="Alerts that are over, newest first">
          {alerts.map((alert) => (
            <AlertItem key={alert.alertId} alert={alert} />
          ))}
        </ul>
      )}
      {history.hasNextPage && (
        <Button
          className={classes.moreButton ?? ''}
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </div>
  );
}
