import { Button } from '@mantine/core';
import { ChartLine, Info } from 'lucide-react';
import { useState } from 'react';
import type { RuleHit, RuleTest } from '#shared/model/alert.ts';
import { type AlertKind, alertKindInfo } from '#shared/model/alert-kinds.ts';
import { formatFigure, formatLength } from '../../../alerts/alert-figures.ts';
import { showChart } from '../../../alerts/show-chart.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { useProfiles } from '../../../data/queries.ts';
import { formatMoment } from '../../../time/clock.ts';
import { useZone } from '../../../time/use-zone.ts';
import classes from '../alerts-screen.module.css';

interface Props {
  result: RuleTest;
  kind: AlertKind;
  onLeave(): void;
}

const shownAtFirst = 10;

/** How often a rule would have fired, when, and how far that can be trusted. */
export function RuleTestResult({ result, kind, onLeave }: Props) {
  const [all, setAll] = useState(false);
  const hits = [...result.hits].reverse();
  const shown = all ? hits : hits.slice(0, shownAtFirst);
  return (
    <div className={classes.result}>
      <p role="status" className={classes.sentence}>
        {result.sentence}
      </p>
      <p className={classes.exactness} data-exact={result.isExact || undefined}>
        <Info size={13} aria-hidden />
        {result.exactness}
      </p>
      {shown.length > 0 && (
        <ol className={classes.hits} aria-label="When it would have fired, newest first">
          {shown.map((hit) => (
            <Hit
              key={`${hit.profileId} ${hit.firedAtMs}`}
              hit={hit}
              kind={kind}
              toMs={result.toMs}
              onLeave={onLeave}
            />
          ))}
        </ol>
      )}
      {!all && hits.length > shownAtFirst && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          Show all {hits.length}
        </Button>
      )}
      {result.hitCount > hits.length && (
        <p className={classes.dim}>
          Listed are the first {hits.length} of {result.hitCount}.
        </p>
      )}
    </div>
  );
}

interface HitProps {
  hit: RuleHit;
  kind: AlertKind;
  /** End of the range tested. */
  toMs: number;
  onLeave(): void;
}

function Hit({ hit, kind, toMs, onLeave }: HitProps) {
  const zone = useZone();
  const name = useProfiles().data?.find(({ profileId }) => profileId === hit.profileId)?.name;
  const chart = alertKindInfo[kind].charts[0];
  const { sinceMs, firedAtMs, resolvedAtMs, worstValue } = hit;
  const endMs = resolvedAtMs ?? toMs;
  const worst = formatFigure(kind, worstValue);
  const when = formatMoment(firedAtMs, { zone, nowMs: engineNowMs() });
  return (
    <li>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<ChartLine size={13} aria-hidden />}
        title="Show it on the chart"
        disabled={chart === undefined || name === undefined}
        onClick={() => {
          if (chart === undefined) return;
          onLeave();
          showChart(hit.profileId, chart, { fromMs: sinceMs, toMs: endMs });
        }}
      >
        {when}
      </Button>
      <span>
        <bdi>{name ?? 'A connection that was deleted'}</bdi>,{' '}
        {resolvedAtMs === null ? 'to the end' : `for ${formatLength(Math.max(1000, endMs - firedAtMs))}`}
        {worst !== '' && `, worst ${worst}`}
      </span>
    </li>
  );
}
