import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { poolView } from '../data/pool-view.ts';
import { useLinkLost } from '../data/use-link.ts';
import { StatusIcon, statusWord } from '../kit/status-badge.tsx';
import { UtilizationBar } from '../kit/utilization-bar.tsx';
import { useLatestSample } from '../live/latest-samples.ts';
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
  const linkLost = useLinkLost();
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
            {live !== undefined && live.recentPeak.pending > 0 && (
              <span className={classes.waiting}>{waitingText(live)} waiting</span>
            )}
          </span>
          <span className={classes.line}>
            <span className={classes.word}>{statusWord(view, linkLost)}</span>
            {live !== undefined && (
              <>
                <span className={classes.bar}>
                  <UtilizationBar used={live.used} max={live.max} />
                </span>
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
