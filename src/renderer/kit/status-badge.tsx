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
import { useLinkLost } from '../data/use-link.ts';
import classes from './status-badge.module.css';

interface Look {
  word: string;
  /** While the link is lost and nobody knows how it is now. */
  pastWord: string;
  icon: LucideIcon;
  tone: 'healthy' | 'degraded' | 'unhealthy' | 'off';
}

const looks: Record<PoolView, Look> = {
  healthy: { word: 'Healthy', pastWord: 'Was healthy', icon: CircleCheck, tone: 'healthy' },
  degraded: { word: 'Degraded', pastWord: 'Was degraded', icon: TriangleAlert, tone: 'degraded' },
  unhealthy: { word: 'Unhealthy', pastWord: 'Was unhealthy', icon: OctagonX, tone: 'unhealthy' },
  failed: { word: 'Failed', pastWord: 'Had failed', icon: CircleX, tone: 'unhealthy' },
  checking: { word: 'Checking', pastWord: 'Was checking', icon: CircleDashed, tone: 'off' },
  opening: { word: 'Connecting', pastWord: 'Was connecting', icon: Hourglass, tone: 'off' },
  closing: { word: 'Disconnecting', pastWord: 'Was disconnecting', icon: Hourglass, tone: 'off' },
  closed: { word: 'Closed', pastWord: 'Was closed', icon: CirclePause, tone: 'off' },
};

/** The word for a pool's view, for places that are not a badge; the past's while the link is lost. */
export const statusWord = (view: PoolView, linkLost: boolean): string =>
  linkLost ? looks[view].pastWord : looks[view].word;

/** A pool's view as icon and word in its colour; the colour alone never carries the meaning. */
export function StatusBadge({ view, washed = false }: { view: PoolView; washed?: boolean }) {
  const linkLost = useLinkLost();
  const { icon: Icon, tone } = looks[view];
  return (
    <span className={classes.badge} data-tone={linkLost ? 'off' : tone} data-washed={washed || undefined}>
      <Icon size={14} aria-hidden />
      {statusWord(view, linkLost)}
    </span>
  );
}

/** The icon alone, for lists that show the word next to it. */
export function StatusIcon({ view }: { view: PoolView }) {
  const linkLost = useLinkLost();
  const { icon: Icon, tone } = looks[view];
  return <Icon className={classes.icon} data-tone={linkLost ? 'off' : tone} size={14} aria-hidden />;
}
