import { Button } from '@mantine/core';
import { CheckCheck } from 'lucide-react';
import { useState } from 'react';
import type { Alert } from '#shared/model/alert.ts';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import { useAcknowledge } from '../../../alerts/alert-actions.ts';
import { isWanted, worstFirst } from '../../../alerts/alert-lists.ts';
import { useOpenAlerts } from '../../../alerts/alert-queries.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { useHeldOrder } from '../../../kit/use-held-order.ts';
import { AlertFilters } from '../alert-filters.tsx';
import { AlertItem } from '../alert-item.tsx';
import classes from '../alerts-screen.module.css';
import { NothingWrong } from './nothing-wrong.tsx';
import { SnoozeList } from './snooze-list.tsx';

/** What is wrong now, the worst first. */
export function OpenAlerts({ profileId }: { profileId: string | null }) {
  const [severity, setSeverity] = useState<AlertSeverity | null>(null);
  const open = useOpenAlerts();
  const wanted = (open.data ?? []).filter((alert) => isWanted(alert, { profileId, severity }));
  return (
    <div className={classes.part}>
      <div className={classes.tools}>
        <AlertFilters part="open" profileId={profileId} severity={severity} onSeverity={setSeverity} />
        <AcknowledgeAll alerts={wanted} />
      </div>
      <SnoozeList />
      {open.isError && (
        <ErrorNote error={payloadOf(open.error)}>
          <Button variant="default" loading={open.isFetching} onClick={() => void open.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {open.isPending && (
        <p role="status" className={classes.dim}>
          Reading the alerts…
        </p>
      )}
      {open.data !== undefined &&
        (wanted.length > 0 ? (
          <AlertList alerts={wanted} />
        ) : open.data.length > 0 ? (
          <p className={classes.dim}>No open alert matches the filter; {open.data.length} without it.</p>
        ) : (
          <NothingWrong />
        ))}
    </div>
  );
}

const shownAtOnce = 50;

/** Held in place under the pointer; hundreds are shown some at a time. */
function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const [shownCount, setShownCount] = useState(shownAtOnce);
  const { ordered, holdProps } = useHeldOrder({
    rows: alerts,
    idOf: ({ alertId }) => alertId,
    compare: worstFirst,
    signature: alerts.map(({ alertId, state }) => `${alertId}:${state}`).join(),
  });
  const rest = ordered.length - shownCount;
  return (
    <>
      <ul className={classes.list} aria-label="Open alerts, worst first" {...holdProps}>
        {ordered.slice(0, shownCount).map((alert) => (
          <AlertItem key={alert.alertId} alert={alert} />
        ))}
      </ul>
      {rest > 0 && (
        <Button
          className={classes.moreButton ?? ''}
          variant="default"
          onClick={() => setShownCount(shownCount + shownAtOnce)}
        >
          Show {Math.min(rest, shownAtOnce)} more of {rest}
        </Button>
      )}
    </>
  );
}

function AcknowledgeAll({ alerts }: { alerts: readonly Alert[] }) {
  const acknowledge = useAcknowledge();
  const linkLost = useLinkLost();
  const firing = alerts.filter(({ state }) => state === 'firing');
  if (firing.length < 2) return null;
  return (
    <Button
      className={classes.acknowledgeAll ?? ''}
      variant="default"
      leftSection={<CheckCheck size={14} aria-hidden />}
      disabled={linkLost}
      loading={acknowledge.isPending}
      onClick={() => acknowledge.mutate(firing)}
    >
      Acknowledge all {firing.length}
    </Button>
  );
}
