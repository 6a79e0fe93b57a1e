import { Button } from '@mantine/core';
import { Pause, Play, SkipForward } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { engineNowMs } from '../../../data/engine-clock.ts';
import type { PoolSeries } from '../../../live/pool-series.ts';
import { formatSpan } from '../../../ranges/range-words.ts';
import { formatClockWithZone } from '../../../time/clock.ts';
import type { Zone } from '../../../time/zone.ts';
import classes from './live-tab.module.css';

interface Props {
  series: PoolSeries | null;
  /** The range chosen stands still. */
  fixed: boolean;
  /** Null while live. */
  pausedAtMs: number | null;
  /** Nothing new can come. */
  unreachable: boolean;
  zone: Zone;
  onTogglePause(): void;
  onGoLive(): void;
}

const everySecond = (changed: () => void) => {
  const timer = setInterval(changed, 1000);
  return () => clearInterval(timer);
};
const never = () => () => {};

/** Live, or how far behind, and the way to the other. */
export function LivePill(props: Props) {
  const { series, fixed, pausedAtMs, unreachable, zone, onTogglePause, onGoLive } = props;
  const paused = !fixed && pausedAtMs !== null;
  const live = !fixed && !paused;
  const behind = useBehind(series, !live);
  const state = fixed
    ? behind
    : pausedAtMs !== null
      ? `Paused at ${formatClockWithZone(pausedAtMs, zone)}, ${behind}`
      : unreachable
        ? 'No link'
        : 'Live';
  const does = live ? 'Pause' : fixed ? 'Go live' : 'Go on live';
  const Sign = fixed ? SkipForward : Play;
  return (
    <Button
      variant="default"
      radius="xl"
      className={classes.pill}
      data-behind={!live || undefined}
      data-no-link={(unreachable && live) || undefined}
      aria-label={`${state}. ${does}`}
      aria-keyshortcuts={fixed ? undefined : 'Space'}
      title={fixed ? 'Go live (L on a chart)' : `${does} (Space)`}
      leftSection={live ? <span className={classes.dot} /> : <Sign size={13} aria-hidden />}
      rightSection={live ? <Pause size={13} aria-hidden /> : null}
      onClick={fixed ? onGoLive : onTogglePause}
    >
      {fixed ? `${state}, go live` : state}
    </Button>
  );
}

/** "2 h 10 min behind", counting by itself while it stands. */
function useBehind(series: PoolSeries | null, counting: boolean): string {
  return useSyncExternalStore(counting ? everySecond : never, () =>
    counting && series !== null
      ? `${formatSpan(Math.max(0, engineNowMs() - series.view().toMs))} behind`
      : '',
  );
}
