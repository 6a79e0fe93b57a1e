import { Fragment } from 'react';
import type { Histogram } from '#shared/model/histogram.ts';
import { mergeHistograms, percentileMs } from '#shared/model/histogram.ts';
import { countsOf } from '../../alerts/alert-lists.ts';
import { useAlertsOf } from '../../alerts/alert-queries.ts';
import { AlertMark } from '../../alerts/severity-badge.tsx';
import { formatDuration, noValue } from '../../charts/formats.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useLinkLost } from '../../data/use-link.ts';
import { StatusBadge } from '../../kit/status-badge.tsx';
import { targetOf } from '../../kit/target-of.ts';
import { UtilizationBar } from '../../kit/utilization-bar.tsx';
import { usePoolActivity, usePoolSparkline } from '../../live/latest-samples.ts';
import { sparklineSeconds } from '../../live/latest-samples-store.ts';
import { waitingText } from '../../live/waiting-text.ts';
import { goToConnection, hashOfPlace } from '../../navigation/place.ts';
import { ConsoleCells } from './console-cells.tsx';
import classes from './overview.module.css';
import type { OverviewRow } from './worst-first.ts';

interface Props {
  row: OverviewRow;
  rowProps: { 'data-row': string; tabIndex: number; onFocus: () => void };
}

export function OverviewTableRow({ row, rowProps }: Props) {
  const { profile, status, view, sample } = row;
  const { profileId } = profile;
  const sparkline = usePoolSparkline(profileId);
  const activity = usePoolActivity(profileId);
  const health = status.state === 'open' ? status.health : null;
  const error = status.error ?? (health !== null && health.consecutiveFailures > 0 ? health.lastError : null);
  const waits = activity?.recent.map(({ waitMs }) => waitMs).reduce<Histogram | null>(merge, null) ?? null;
  const alerts = useAlertsOf(profileId);
  const linkLost = useLinkLost();
  // While checks fail, the time of the last one that passed says nothing about now.
  const roundTripMs =
    health === null || health.consecutiveFailures > 0 || linkLost ? null : health.roundTripMs;
  const waitP95Ms = sample === undefined || waits === null ? null : percentileMs(waits, 0.95);

  return (
    <tr className={classes.row} onClick={() => goToConnection(profileId)}>
      <th scope="row" className={classes.connection}>
        <a {...rowProps} href={hashOfPlace({ screen: 'connection', profileId, tab: 'live' })}>
          <bdi>{profile.name}</bdi>
        </a>
        <span className={classes.target}>{breakable(targetOf(profile))}</span>
        {error !== null && (
          <span className={classes.error} data-lost={linkLost || undefined}>
            {error.message}
          </span>
        )}
      </th>
      <td>
        <span className={classes.status}>
          <StatusBadge view={view} />
          <AlertMark counts={countsOf(alerts)} />
        </span>
      </td>
      {status.target === 'console' ? (
        <ConsoleCells profileId={profileId} open={health !== null} />
      ) : (
        <>
          <td className={classes.sparkline}>
            <Sparkline
              values={sparkline.used}
              slots={sparklineSeconds}
              top={sparkline.max}
              widthPx={100}
              heightPx={24}
            />
          </td>
          <td className={classes.number} data-head="Used">
            {sample === undefined ? (
              noValue
            ) : (
              <span className={classes.use}>
                {sample.used} / {sample.max}
                <UtilizationBar used={sample.used} max={sample.max} />
              </span>
            )}
          </td>
          <td
            className={classes.number}
            data-head="Pending"
            data-waiting={(sample?.recentPeak.pending ?? 0) > 0 || undefined}
          >
            {sample === undefined ? noValue : waitingText(sample)}
          </td>
          <td className={classes.number} data-head="Wait p95">
            {waitP95Ms === null ? noValue : formatDuration(waitP95Ms)}
          </td>
        </>
      )}
      <td className={classes.number} data-head="Round trip">
        {roundTripMs === null ? noValue : formatDuration(roundTripMs)}
      </td>
    </tr>
  );
}

const merge = (sum: Histogram | null, next: Histogram) => (sum === null ? next : mergeHistograms(sum, next));

/** The same text, which may go on in the next line after "@", ":" and "/". */
const breakable = (target: string) =>
  target.split(/(?<=[@:/])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text do not change places
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
