import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { mostKeptPools, type PoolScope } from '#shared/model/pooler-point.ts';
import { useRuleLines } from '../../alerts/use-rule-lines.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx';
import { payloadOf } from '../../data/errors.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { PictureMenu } from '../../exports/chart-menu.tsx';
import { savedSubject } from '../../exports/subject.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { useBackKey } from '../../kit/use-back-key.ts';
import { usePoolerSeries } from '../../live/pooler/use-pooler-series.ts';
import { useHistoryEvents, useHistoryEventsState } from '../../live/use-overlays.ts';
import { RangeControls } from '../../ranges/range-controls.tsx';
import { rangeStore, useRangeState } from '../../ranges/range-store.ts';
import { useZone } from '../../time/use-zone.ts';
import classes from './pgbouncer.module.css';
import { poolCharts } from './pool-chart-definitions.ts';
import { scopeValue } from './pool-scope.ts';

interface Props {
  profile: ProfileView;
  scope: PoolScope;
  /** How many pools the pooler has now. */
  poolCount: number;
  /** Left of the range. */
  tools: ReactNode;
}

/** The pools chosen over the range chosen, under one crosshair. */
export function PoolCharts({ profile, scope, poolCount, tools }: Props) {
  const { profileId } = profile;
  const { current: range, past } = useRangeState();
  const zone = useZone();
  const unreachable = useLinkLost();
  const { series, loading, error, reload } = usePoolerSeries(
    profileId,
    profile.healthIntervalMs,
    scope,
    range,
  );
  const { events } = useHistoryEventsState(useHistoryEvents(profileId, series));
  const rules = useRuleLines(profileId, 'pooler');
  const [crosshair] = useState(() => new Crosshair());
  const area = useRef<HTMLDivElement>(null);
  const scopeText = scopeValue(scope);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says all of the scope, which is new each time
  const charts = useMemo(() => poolCharts(scope), [scopeText]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read in one range says nothing of another
  useEffect(() => crosshair.clear(), [crosshair, range]);
  const back = useCallback(() => {
    if (crosshair.selection === null && crosshair.pinnedMs === null) return rangeStore.back();
    crosshair.clear();
    return true;
  }, [crosshair]);
  useBackKey(area, back);
  const commands = useMemo(
    () => ({
      zoomTo: rangeStore.zoomTo.bind(rangeStore),
      back: rangeStore.back.bind(rangeStore),
      step: rangeStore.step.bind(rangeStore),
      zoomOut: rangeStore.zoomOut.bind(rangeStore),
      goLive: rangeStore.goLive.bind(rangeStore),
      addNote: null,
    }),
    [],
  );
  if (series === null) return <div className={classes.chartPlace} />;
  return (
    <div ref={area} className={classes.charts} aria-busy={loading}>
      <div className={classes.toolbar}>
        {tools}
        <RangeControls range={range} zoomed={past.length > 0} compareWith={null} zone={zone} />
      </div>
      {scope.database !== null && poolCount > mostKeptPools && (
        <p className={classes.dim}>
          Of the past beyond 15 minutes, the {mostKeptPools} busiest pools of each minute are kept one by one;
          a minute in which this one was not among them is a gap. “All pools” has every one.
        </p>
      )}
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <Button variant="default" onClick={reload}>
            Try again
          </Button>
        </ErrorNote>
      )}
      <div className={classes.chartGrid}>
        {charts.map(({ wide, ...chart }, i) => (
          <div key={`${chart.title} ${scopeText}`} className={wide ? classes.wide : undefined}>
            <TimeSeriesChart
              {...chart}
              source={series}
              overlay={null}
              thresholds={rules.get(chart.title) ?? noThresholds}
              events={events}
              crosshair={crosshair}
              commands={commands}
              zone={zone}
              phase={i / charts.length}
              showsZone={i === 0}
              emptyText={loading ? 'Reading…' : 'No samples in this range'}
              actions={(shown) => (
                <PictureMenu chart={chart} shown={shown} findSubject={() => savedSubject(profileId)} />
              )}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

const noThresholds: never[] = [];
