import { Button } from '@mantine/core';
import { useAlertSettings } from '../../../alerts/alert-queries.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './delivery.module.css';
import { NotificationPanel } from './notification-panel.tsx';
import { WebhookPanel } from './webhook-panel.tsx';

/** How alerts are told outside of this screen: notifications, sound, badge, webhook. Stands wherever it is put. */
export function DeliverySettings() {
  const settings = useAlertSettings();
  return (
    <div className={classes.delivery}>
      {settings.isError && settings.data === undefined && (
        <ErrorNote error={payloadOf(settings.error)}>
          <Button variant="default" loading={settings.isFetching} onClick={() => void settings.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {settings.isPending && (
        <p role="status" className={classes.dim}>
          Reading how alerts are told…
        </p>
      )}
      {settings.data !== undefined && (
        <>
          <NotificationPanel view={settings.data} />
          <WebhookPanel view={settings.data} />
        </>
      )}
    </div>
  );
}
