import { Button } from '@mantine/core';
import { ChartLine } from 'lucide-react';
import type { Alert, AlertCause } from '#shared/model/alert.ts';
import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import { useRules } from '../../alerts/alert-queries.ts';
import { showChart, spanOfAlert } from '../../alerts/show-chart.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { goToConnection } from '../../navigation/place.ts';
import { formatMoment } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import { showSessionOnOpen } from '../connection/sessions/session-to-open.ts';
import classes from './alerts-screen.module.css';
import { linkOfCause } from './cause-links.ts';
import { RuleDialogButton } from './rules/rule-dialog-button.tsx';

/** Why it may be, what to do, where it shows, and when what happened. */
export function AlertDetails({ alert }: { alert: Alert }) {
  const { charts, explanation } = alertKindInfo[alert.kind];
  const rule = useRules().data?.find(({ ruleId }) => ruleId === alert.ruleId);
  return (
    <>
      <section className={classes.causes} aria-label="Likely causes">
        <h3 className={classes.subtitle}>Likely causes</h3>
        <ol className={classes.causeList}>
          {alert.causes.map((cause) => (
            <CauseItem key={cause.causeId} profileId={alert.profileId} cause={cause} />
          ))}
        </ol>
      </section>
      <div className={classes.side}>
        {charts.length > 0 && (
          <section aria-label="Charts that show it">
            <h3 className={classes.subtitle}>Charts that show it</h3>
            <div className={classes.buttons}>
              {charts.map((chart) => (
                <Button
                  key={chart.title}
                  variant="default"
                  size="compact-xs"
                  leftSection={<ChartLine size={13} aria-hidden />}
                  onClick={() => showChart(alert.profileId, chart, spanOfAlert(alert))}
                >
                  {chart.title}
                </Button>
              ))}
            </div>
          </section>
        )}
        <section aria-label="What happened when">
          <h3 className={classes.subtitle}>When</h3>
          <Times alert={alert} />
        </section>
        <section aria-label="Rule">
          <h3 className={classes.subtitle}>Rule</h3>
          <p className={classes.dim}>
            {alert.ruleName}: {explanation}
          </p>
          {rule === undefined ? (
            <p className={classes.dim}>It was deleted.</p>
          ) : (
            <RuleDialogButton rule={rule}>Edit the rule…</RuleDialogButton>
          )}
        </section>
      </div>
    </>
  );
}

function CauseItem({ profileId, cause }: { profileId: string; cause: AlertCause }) {
  const { session } = cause;
  const link = linkOfCause(cause.causeId);
  return (
    <li className={classes.cause} data-evidence={cause.evidence !== null || undefined}>
      <p className={classes.causeWords}>{cause.cause}</p>
      {cause.evidence !== null && (
        <p className={classes.evidence}>
          <strong>Seen:</strong> {cause.evidence}
        </p>
      )}
      <p>{cause.remedy}</p>
      {session !== null ? (
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => {
            showSessionOnOpen(profileId, session);
            goToConnection(profileId, 'sessions');
          }}
        >
          Show session {session.pid}
        </Button>
      ) : (
        link !== null && (
          <Button
            variant="subtle"
            size="compact-xs"
            className={classes.causeLink ?? ''}
            onClick={() => goToConnection(profileId, link.tab)}
          >
            {link.label}
          </Button>
        )
      )}
    </li>
  );
}

function Times({ alert }: { alert: Alert }) {
  const zone = useZone();
  const times: [label: string, atMs: number | null][] = [
    ['Began', alert.sinceMs],
    ['Fired', alert.firedAtMs],
    ['Acknowledged', alert.acknowledgedAtMs],
    ['Over', alert.resolvedAtMs],
    ['Unknown since', alert.unknownSinceMs],
  ];
  return (
    <dl className={classes.times}>
      {times.map(
        ([label, atMs]) =>
          atMs !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{formatMoment(atMs, { zone, nowMs: engineNowMs() })}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
