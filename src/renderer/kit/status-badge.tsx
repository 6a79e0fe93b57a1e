import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleX,
  Hourglass,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
} from 'lucide-react';
import type { PoolView } from '../data/pool-view.ts';
import classes from './status-badge.module.css';

const looks: Record<PoolView, { word: string; icon: LucideIcon; tone: string }> = {
  healthy: { word: 'Healthy', icon: CircleCheck, tone: 'healthy' },
  degraded: { word: 'Degraded', icon: TriangleAlert, tone: 'degraded' },
  unhealthy: { word: 'Unhealthy', icon: OctagonX, tone: 'unhealthy' },
  failed: { word: 'Failed', icon: CircleX, tone: 'unhealthy' },
  checking: { word: 'Checking', icon: CircleDashed, tone: 'off' },
  opening: { word: 'Connecting', icon: Hourglass, tone: 'off' },
  closing: { word: 'Disconnecting', icon: Hourglass, tone: 'off' },
  closed: { word: 'Closed', icon: CirclePause, tone: 'off' },
};

/** The word for a pool's view, for places that are not a badge. */
export const statusWord = (view: PoolView): string => looks[view].word;

/** A pool's view as icon and word in its colour; the colour alone never carries the meaning. */
export function StatusBadge({ view, washed = false }: { view: PoolView; washed?: boolean }) {
  const { word, icon: Icon, tone } = looks[view];
  return (
    <span className={classes.badge} data-tone={tone} data-washed={washed || undefined}>
      <Icon size={14} aria-hidden />
      {word}
    </span>
  );
}

/** The icon alone, for lists that show the word next to it. */
export function StatusIcon({ view }: { view: PoolView }) {
  const { icon: Icon, tone } = looks[view];
  return <Icon className={classes.icon} data-tone={tone} size={14} aria-hidden />;
}
