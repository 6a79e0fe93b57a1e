import { Progress } from '@mantine/core';
import type { LabProgress } from '#shared/model/lab.ts';
import { formatCount } from '../../../../charts/formats.ts';
import classes from './lab.module.css';
import { connections, runMs } from './lab-words.ts';

interface Props {
  /** Null until the first is heard. */
  progress: LabProgress | null;
  sizes: number;
  seconds: number;
  holdMs: number;
}

/** How far a run is. Only a new size is announced: a count read aloud twice a second would be noise. */
export function LabProgressBar({ progress, sizes, seconds, holdMs }: Props) {
  if (progress === null) return <p role="status">Looking whether the server has room…</p>;
  const { size, place, leftMs, requests, waiting } = progress;
  const share = 1 - leftMs / runMs(sizes, seconds, holdMs);
  return (
    <div className={classes.progress}>
      <Progress
        value={100 * Math.min(1, Math.max(0, share))}
        size="sm"
        aria-label="Checking sizes"
        transitionDuration={0}
      />
      <p className={classes.going}>
        <span role="status">
          Size {place} of {progress.sizes}: {connections(size)}.
        </span>{' '}
        <span>
          {formatCount(requests)} requests so far, {formatCount(waiting)} waiting;{' '}
          {leftMs > 0
            ? `about ${formatCount(Math.ceil(leftMs / 1000))} s left`
            : 'finishing: who still waits is served'}
          .
        </span>
      </p>
    </div>
  );
}
