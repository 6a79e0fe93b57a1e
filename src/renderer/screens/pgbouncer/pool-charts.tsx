import { Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx';
import { PictureMenu } from '../../exports/chart-menu.tsx';
import { savedSubject } from '../../exports/subject.ts';
import { useBackKey } from '../../kit/use-back-key.ts';
import { type PoolerSeries, poolerSpans, usePoolerSeries } from '../../live/pooler/use-pooler.ts';
import { useHistoryEvents, useHistoryEventsState } from '../../live/use-overlays.ts';
import type { Span } from '../../ranges/range.ts';
import { useZone } from '../../time/use-zone.ts';
import classes from './pgbouncer.module.css';
import { poolCharts } from './pool-chart-definitions.ts';
import { type PoolScope, scopeValue } from './pool-scope.ts';

interface Props {
  profile: ProfileView;
  scope: PoolScope;
  /** Left of the range. */
  tools: ReactNode;
}

/** Holds from pooler to pooler until the page is closed. */
let chosenSpanMs: number = poolerSpans[0].spanMs;

/** The last minutes of the pools chosen, under one crosshair; a part of it looked at by dragging. */
export function PoolCharts({ profile, scope, tools }: Props) {
  const [spanMs, setSpanMs] = useState(chosenSpanMs);
  const series = usePoolerSeries(profile.profileId, spanMs, profile.healthIntervalMs);
  const { events } = useHistoryEventsState(useHistoryEvents(profile.profileId, series));
  if (series === null) return <div className={classes.chartPlace} />;
  return (
    <Charts
      profileId={profile.profileId}
      series={series}
      scope={scope}
      events={events}
      tools={
        <>
          {tools}
          <SegmentedControl
            aria-label="Range"
            data={poolerSpans.map((span) => ({ label: span.label, value: String(span.spanMs) }))}
            value={String(spanMs)}
            onChange={(value) => {
              chosenSpanMs = Number(value);
              setSpanMs(chosenSpanMs);
            }}
          />
        </>
      }
    />
  );
}

interface ChartsProps extends Omit<Props, 'profile'> {
  profileId: string;
  series: PoolerSeries;
  events: readonly HistoryEvent[];
}

function Charts({ profileId, series, scope, tools, events }: ChartsProps) {
  const zone = useZone();
  const [crosshair] = useState(() => new Crosshair());
  const area = useRef<HTMLDivElement>(null);
  const zoomed = useSyncExternalStore(series.subscribe, () => series.zoomed);
  const scopeText = scopeValue(scope);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says all of the scope, which is new each time
  const charts = useMemo(() => poolCharts(scope), [scopeText]);
  const back = useCallback(() => {
    if (crosshair.selection === null && crosshair.pinnedMs === null) return series.showAll();
    crosshair.clear();
    return true;
  }, [crosshair, series]);
  useBackKey(area, back);
  const commands = useMemo(() => {
    const showAll = () => {
      crosshair.clear();
      return series.showAll();
    };
    return {
      zoomTo: (span: Span) => {
        crosshair.clear();
        series.zoomTo(span);
      },
      back: showAll,
      step: (direction: -1 | 1) => {
        const { fromMs, toMs } = series.view();
        const byMs = direction * (toMs - fromMs);
        if (series.zoomed !== null) series.zoomTo({ fromMs: fromMs + byMs, toMs: toMs + byMs });
      },
      zoomOut: () => void showAll(),
      goLive: () => void showAll(),
      addNote: null,
    };
  }, [series, crosshair]);
  return (
    <div ref={area} className={classes.charts}>
      <div className={classes.toolbar}>
        {tools}
        {zoomed !== null && (
          <Button variant="default" size="compact-xs" onClick={() => commands.goLive()}>
            Part of it: show all
          </Button>
        )}
      </div>
      <div className={classes.chartGrid}>
        {charts.map(({ wide, ...chart }, i) => (
          <div key={`${chart.title} ${scopeText}`} className={wide ? classes.wide : undefined}>
            <TimeSeriesChart
              {...chart}
              source={series}
              overlay={null}
              thresholds={noThresholds}
              events={events}
              crosshair={crosshair}
              commands={commands}
              zone={zone}
              phase={i / charts.length}
              showsZone={i === 0}
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
