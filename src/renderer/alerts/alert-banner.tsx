import { hashOfPlace } from '../navigation/place.ts';
import { useAlertsOf } from './alert-queries.ts';
import classes from './alerts.module.css';
import { SeverityBadge } from './severity-badge.tsx';

/** One line on a connection's screen: the worst of its open alerts, and how many more there are. Nothing without any. */
export function AlertBanner({ profileId }: { profileId: string }) {
  const alerts = useAlertsOf(profileId);
  const told = alerts.filter(({ snoozedUntilMs }) => snoozedUntilMs === null);
  const worst = told[0];
  if (worst === undefined) return null;
  const others = alerts.length - 1;
  const isQuiet = worst.state === 'acknowledged';
  return (
    <section
      className={classes.banner}
      data-severity={isQuiet ? 'quiet' : worst.severity}
      aria-label="Open alerts"
    >
      <SeverityBadge severity={worst.severity} />
      <a
        className={classes.bannerSentence}
        href={hashOfPlace({ screen: 'alert', alertId: worst.alertId })}
        title={worst.sentence}
      >
        {worst.sentence}
      </a>
      {isQuiet && <span>acknowledged</span>}
      {others > 0 && (
        <a className={classes.bannerMore} href={hashOfPlace({ screen: 'alerts', part: 'open', profileId })}>
          {others} more
        </a>
      )}
    </section>
  );
}
