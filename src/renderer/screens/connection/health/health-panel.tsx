import { Button } from '@mantine/core';
import { useId } from 'react';
import { formatDuration, noValue } from '../../../charts/formats.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useCheckNow } from '../../../data/pool-actions.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { StatusBadge } from '../../../kit/status-badge.tsx';
import type { Range } from '../../../ranges/range.ts';
import { rangeLabel } from '../../../ranges/range-words.ts';
import { useZone } from '../../../time/use-zone.ts';
import classes from './health.module.css';
import { HealthStrip } from './health-strip.tsx';
import { sharesInWords } from './health-timeline.ts';
import { useHealthTimeline, usePoolHealth } from './use-health.ts';

interface Props {
  profileId: string;
  range: Range;
  /** Brings the crosshair to a moment; absent where there is none. */
  onShow?: (atMs: number) => void;
}

/** How a pool is and was: the last checks in figures, and its states over the range. */
export function HealthPanel({ profileId, range, onShow }: Props) {
  const titleId = useId();
  const zone = useZone();
  const pool = usePoolHealth(profileId);
  const timeline = useHealthTimeline(profileId, range);
  const linkLost = useLinkLost();
  const spans = timeline.data?.spans ?? [];
  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <header className={classes.header}>
        <h3 id={titleId} className={classes.title}>
          Health
        </h3>
        <span className={classes.dim}>
          {rangeLabel(range, zone, engineNowMs())}
          {spans.length > 0 && `: ${sharesInWords(spans)}`}
        </span>
        {pool !== undefined && <CheckButton profileId={profileId} disabled={linkLost} />}
      </header>
      {pool !== undefined && <Figures pool={pool} />}
      {timeline.isError && !linkLost && (
        <ErrorNote error={payloadOf(timeline.error)}>
          <Button variant="default" loading={timeline.isFetching} onClick={() => void timeline.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {timeline.data !== undefined && <HealthStrip {...timeline.data} zone={zone} onShow={onShow} />}
    </section>
  );
}

function CheckButton({ profileId, disabled }: { profileId: string; disabled: boolean }) {
  const check = useCheckNow(profileId);
  return (
    <Button
      className={classes.check ?? ''}
      variant="default"
      size="compact-xs"
      disabled={disabled}
      loading={check.isPending}
      onClick={() => check.mutate()}
    >
      Check health now
    </Button>
  );
}

function Figures({ pool }: { pool: NonNullable<ReturnType<typeof usePoolHealth>> }) {
  const { state, roundTripMs, consecutiveFailures, lastCheckedAtMs, lastError } = pool.report;
  return (
    <>
      <dl className={classes.figures}>
        <div>
          <dt>State</dt>
          <dd>
            <StatusBadge view={state === 'unknown' ? 'checking' : state} /> since{' '}
            <RelativeTime atMs={pool.sinceMs} />
          </dd>
        </div>
        <div>
          <dt>Round trip of the last that passed</dt>
          <dd>{roundTripMs === null ? noValue : formatDuration(roundTripMs)}</dd>
        </div>
        <div>
          <dt>Failed in a row</dt>
          <dd>{consecutiveFailures}</dd>
        </div>
        <div>
          <dt>Last check</dt>
          <dd>{lastCheckedAtMs === null ? noValue : <RelativeTime atMs={lastCheckedAtMs} />}</dd>
        </div>
      </dl>
      {lastError !== null && (
        <p className={classes.lastError}>
          Last failure <RelativeTime atMs={lastError.atMs} />: {lastError.message} {lastError.details.remedy}
        </p>
      )}
    </>
  );
}
