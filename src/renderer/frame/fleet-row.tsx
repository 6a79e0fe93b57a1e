import { Waypoints } from 'lucide-react';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { poolerNames } from '#shared/model/pooler.ts';
import { sumOf } from '#shared/model/pooler-point.ts';
import { countsOf, firingCount } from '../alerts/alert-lists.ts';
import { useAlertsOf } from '../alerts/alert-queries.ts';
import { AlertMark } from '../alerts/severity-badge.tsx';
import { formatCount } from '../charts/formats.ts';
import { poolView } from '../data/pool-view.ts';
import { usePoolers } from '../data/queries.ts';
import { useLinkLost } from '../data/use-link.ts';
import { StatusIcon, statusWord } from '../kit/status-badge.tsx';
import { UtilizationBar } from '../kit/utilization-bar.tsx';
import { useLatestSample } from '../live/latest-samples.ts';
import { usePoolerTick } from '../live/pooler/latest-ticks.ts';
import { waitingText } from '../live/waiting-text.ts';
import classes from './fleet.module.css';

interface Props {
  profile: ProfileView;
  status: PoolStatus;
  href: string;
  current: boolean;
  rowProps: { 'data-row': string; tabIndex: number; onFocus: () => void };
  onChosen: (() => void) | undefined;
}

/** One connection of the fleet: state, use of its maximum, and who waits. */
export function FleetRow({ profile, status, href, current, rowProps, onChosen }: Props) {
  const view = poolView(status);
  const sample = useLatestSample(profile.profileId);
  const alerts = countsOf(useAlertsOf(profile.profileId));
  const linkLost = useLinkLost();
  const isConsole = status.target === 'console' && status.state === 'open' && !linkLost;
  const live = status.state === 'open' && !linkLost ? sample : undefined;
  return (
    <li>
      <a
        {...rowProps}
        className={classes.row}
        href={href}
        aria-current={current ? 'page' : undefined}
        onClick={onChosen}
      >
        <StatusIcon view={view} />
        <span className={classes.lines}>
          <span className={classes.line}>
            <span className={classes.name} title={profile.name}>
              <bdi>{profile.name}</bdi>
            </span>
            {isConsole && <ConsoleWaiting profileId={profile.profileId} />}
            {live !== undefined && live.recentPeak.pending > 0 && (
              <span className={classes.waiting}>{waitingText(live)} waiting</span>
            )}
          </span>
          <span className={classes.line}>
            <span className={classes.word}>{statusWord(view, linkLost)}</span>
            <AlertMark counts={alerts} />
            {isConsole && <ConsoleFigures profileId={profile.profileId} />}
            {live !== undefined && (
              <>
                {/* The figures say it too; beside a mark there is no room for both. */}
                {firingCount(alerts) === 0 && (
                  <span className={classes.bar}>
                    <UtilizationBar used={live.used} max={live.max} />
                  </span>
                )}
                <span className={classes.figures}>
                  {live.used}/{live.max} used
                </span>
              </>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}

/** Clients in the pooler's queues; nothing while there are none. */
function ConsoleWaiting({ profileId }: { profileId: string }) {
  const waiting = sumOf(usePoolerTick(profileId)?.pools ?? [], ({ clWaiting }) => clWaiting) ?? 0;
  return waiting === 0 ? null : <span className={classes.waiting}>{formatCount(waiting)} waiting</span>;
}

/** Which pooler it is and how many clients it has; a console has no pool whose use could be shown. */
function ConsoleFigures({ profileId }: { profileId: string }) {
  const clients = usePoolerTick(profileId)?.clients ?? null;
  const pooler = usePoolers().data?.[profileId];
  const name = poolerNames[pooler?.product ?? 'other'];
  return (
    <span className={classes.pooler}>
      <Waypoints size={13} aria-hidden />
      {clients === null ? name : `${name}, ${formatCount(clients)} ${clients === 1 ? 'client' : 'clients'}`}
    </span>
  );
}
