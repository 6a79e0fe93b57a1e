import { CircleCheck } from 'lucide-react';
import type { MetricsStatus } from '#shared/contract/metrics.ts';
import { formatCount } from '../../charts/formats.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import classes from './app-settings.module.css';

/** How the last push ended. */
export function LastPush({ status: { enabled, lastPush } }: { status: MetricsStatus['push'] }) {
  if (!enabled) return null;
  if (lastPush === null) return <p className={classes.dim}>Nothing was pushed yet.</p>;
  const { atMs, points, error } = lastPush;
  if (error !== null) {
    return (
      <ErrorNote error={error}>
        <p>
          Last tried <RelativeTime atMs={atMs} />.
        </p>
      </ErrorNote>
    );
  }
  return (
    <p className={classes.pushed} role="status">
      <CircleCheck size={14} aria-hidden />
      The collector took {formatCount(points)} {points === 1 ? 'value' : 'values'}{' '}
      <RelativeTime atMs={atMs} />.
    </p>
  );
}
