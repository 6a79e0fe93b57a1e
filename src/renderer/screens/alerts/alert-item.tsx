import { Button } from '@mantine/core';
import { BellOff, Check, ChevronDown, ChevronRight, Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { Alert } from '#shared/model/alert.ts';
import { useAcknowledge, useUnacknowledge } from '../../alerts/alert-actions.ts';
import { formatLength } from '../../alerts/alert-figures.ts';
import { endingWords, figuresInWords } from '../../alerts/alert-words.ts';
import { SeverityBadge } from '../../alerts/severity-badge.tsx';
import { engineNowMs } from '../../data/engine-clock.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { hashOfPlace } from '../../navigation/place.ts';
import { formatMoment } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import { AlertDetails } from './alert-details.tsx';
import classes from './alerts-screen.module.css';
import { SnoozeMenu } from './snooze-menu.tsx';

interface Props {
  alert: Alert;
  startsOpen?: boolean;
}

/** One alert: what is wrong in one sentence, its figures, what can be done; more when it is unfolded. */
export function AlertItem({ alert, startsOpen = false }: Props) {
  const [open, setOpen] = useState(startsOpen);
  const sentenceId = useId();
  const detailsId = useId();
  const isOver = alert.state === 'resolved';
  const quiet = isOver || alert.state === 'acknowledged' || alert.snoozedUntilMs !== null;
  return (
    <li
      className={classes.item}
      data-severity={quiet ? 'quiet' : alert.severity}
      aria-labelledby={sentenceId}
    >
      <div className={classes.itemHead}>
        <SeverityBadge severity={alert.severity} over={isOver} />
        <div className={classes.itemWords}>
          <p id={sentenceId} className={classes.sentence}>
            {alert.sentence}
          </p>
          <Facts alert={alert} />
        </div>
        <div className={classes.itemActions}>
          {!isOver && <Actions alert={alert} />}
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={
              open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />
            }
            aria-expanded={open}
            aria-controls={open ? detailsId : undefined}
            aria-describedby={sentenceId}
            onClick={() => setOpen(!open)}
          >
            Causes and charts
          </Button>
        </div>
      </div>
      {open && (
        <div id={detailsId} className={classes.details}>
          <AlertDetails alert={alert} />
        </div>
      )}
    </li>
  );
}

function Facts({ alert }: { alert: Alert }) {
  const zone = useZone();
  const { profileId, connectionName, ruleName, state, sinceMs, resolvedAtMs, snoozedUntilMs } = alert;
  const figures = figuresInWords(alert);
  const moment = (atMs: number) => formatMoment(atMs, { zone, nowMs: engineNowMs() });
  return (
    <p className={classes.facts}>
      <a href={hashOfPlace({ screen: 'connection', profileId, tab: 'live' })}>
        <bdi>{connectionName}</bdi>
      </a>
      <span>{ruleName}</span>
      {resolvedAtMs === null ? (
        <span>
          {state === 'acknowledged' ? 'Acknowledged' : 'Firing'}, began <RelativeTime atMs={sinceMs} />
        </span>
      ) : (
        <span>
          {moment(sinceMs)}, for{' '}
          {formatLength(Math.max(1000, Math.round((resolvedAtMs - sinceMs) / 1000) * 1000))};{' '}
          {endingWords(alert.ending)}
        </span>
      )}
      {figures !== '' && <span>{figures}</span>}
      {snoozedUntilMs !== null && (
        <span className={classes.snoozed}>
          <BellOff size={12} aria-hidden />
          snoozed until {moment(snoozedUntilMs)}
        </span>
      )}
    </p>
  );
}

function Actions({ alert }: { alert: Alert }) {
  const acknowledge = useAcknowledge();
  const unacknowledge = useUnacknowledge();
  const linkLost = useLinkLost();
  return (
    <>
      {alert.state === 'firing' ? (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Check size={13} aria-hidden />}
          aria-label={`Acknowledge: ${alert.sentence}`}
          disabled={linkLost}
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate([alert])}
        >
          Acknowledge
        </Button>
      ) : (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<Undo2 size={13} aria-hidden />}
          aria-label={`Not seen yet: ${alert.sentence}`}
          disabled={linkLost}
          loading={unacknowledge.isPending}
          onClick={() => unacknowledge.mutate([alert])}
        >
          Not seen yet
        </Button>
      )}
      <SnoozeMenu alert={alert} disabled={linkLost} />
    </>
  );
}
