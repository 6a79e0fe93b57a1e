import { Button } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { useAlert } from '../../alerts/alert-queries.ts';
import { payloadOf } from '../../data/errors.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { go, hashOfPlace, type Place } from '../../navigation/place.ts';
import { AlertItem } from './alert-item.tsx';
import classes from './alerts-screen.module.css';

const all: Place = { screen: 'alerts', part: 'open', profileId: null };

/** One alert with all there is to know of it: where a notification leads. */
export function AlertScreen({ alertId }: { alertId: string }) {
  const alert = useAlert(alertId);
  if (alert.data === undefined && alert.isError) {
    const isGone = payloadOf(alert.error).code === 'not_found';
    return (
      <EmptyState level={1} title={isGone ? 'This alert is kept no longer' : 'The alert could not be read'}>
        {isGone ? (
          <p>About the last 2,000 are kept.</p>
        ) : (
          <>
            <ErrorNote error={payloadOf(alert.error)} />
            <Button onClick={() => void alert.refetch()} loading={alert.isFetching}>
              Try again
            </Button>
          </>
        )}
        <Button variant="default" onClick={() => go(all)}>
          Go to the alerts
        </Button>
      </EmptyState>
    );
  }
  return (
    <section className={classes.one} aria-labelledby="alert-title">
      <a className={classes.back} href={hashOfPlace(all)}>
        <ArrowLeft size={14} aria-hidden />
        All alerts
      </a>
      <h1 id="alert-title" className={classes.title}>
        Alert
      </h1>
      {alert.data === undefined ? (
        <p role="status" className={classes.dim}>
          Reading…
        </p>
      ) : (
        <ul className={classes.list}>
          <AlertItem alert={alert.data} startsOpen />
        </ul>
      )}
    </section>
  );
}
