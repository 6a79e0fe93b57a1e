import { Button, NativeSelect } from '@mantine/core';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRuleLines } from '../../../alerts/use-rule-lines.ts';
import { isChartAsked } from '../../../charts/chart-to-show.ts';
import { Crosshair } from '../../../charts/crosshair.ts';
import type { Slot } from '../../../charts/series.ts';
import type { ShownChart } from '../../../charts/shown-chart.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import type { ExportedChart } from '../../../exports/chart-exports.ts';
import { PictureMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { useBackKey } from '../../../kit/use-back-key.ts';
import { type SessionSeries, useSessionSeries } from '../../../live/sessions/use-sessions.ts';
import { useHistoryEvents, useHistoryEventsState } from '../../../live/use-overlays.ts';
import { RangeControls } from '../../../ranges/range-controls.tsx';
import { rangeStore, useRangeState } from '../../../ranges/range-store.ts';
import { useZone } from '../../../time/use-zone.ts';
import { counts, groupsToShow, type StackedBy, sideCharts, stackOf } from './chart-definitions.ts';
import classes from './sessions.module.css';

const choices: { value: StackedBy; label: string }[] = [
  { value: 'application', label: 'by application' },
  { value: 'state', label: 'by state' },
  { value: 'user', label: 'by user' },
  { value: 'database', label: 'by database' },
  { value: 'address', label: 'by client address' },
];

/** Holds from connection to connection until the page is closed. */
let chosenStack: StackedBy = 'application';

function Charts({ profileId }: { profileId: string }) {
  const { current: range, past } = useRangeState();
  const zone = useZone();
  const unreachable = useLinkLost();
  const { series, loading, error, reload } = useSessionSeries(profileId, range);
  const { events } = useHistoryEventsState(useHistoryEvents(profileId, series));
  const rules = useRuleLines(profileId, 'sessions');
  const [stackedBy, setStackedBy] = useState<StackedBy>(chosenStack);
  const [more, setMore] = useState(() => sideCharts.some(({ title }) => isChartAsked(title)));
  const [crosshair] = useState(() => new Crosshair());
  const area = useRef<HTMLDivElement>(null);
  const groups = useGroups(series, stackedBy);
  const stack = useMemo(() => stackOf(stackedBy, groups), [stackedBy, groups]);
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
  const menuOf = (chart: ExportedChart) => (shown: () => ShownChart<Slot>) => (
    <PictureMenu chart={chart} shown={shown} findSubject={() => savedSubject(profileId)} />
  );
  if (series === null) return <div className={classes.chartPlace} />;
  const shared = {
    source: series,
    overlay: null,
    events,
    crosshair,
    commands,
    zone,
  };
  const main = {
    ...counts,
    title: 'Sessions over time',
    unit: 'client sessions, most at once',
    series: stack,
  };
  const emptyText = loading ? 'Reading…' : 'No samples in this range';
  return (
    <div ref={area} className={classes.charts} aria-busy={loading}>
      <div className={classes.toolbar}>
        <RangeControls range={range} zoomed={past.length > 0} compareWith={null} zone={zone} />
        <NativeSelect
          size="xs"
          className={classes.stackedBy ?? ''}
          aria-label="Stacked by"
          data={choices}
          value={stackedBy}
          onChange={(event) => {
            chosenStack = event.currentTarget.value as StackedBy;
            setStackedBy(chosenStack);
          }}
        />
      </div>
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <Button variant="default" onClick={reload}>
            Try again
          </Button>
        </ErrorNote>
      )}
      <TimeSeriesChart
        key={`${stackedBy} ${stack.map(({ key }) => key).join()}`}
        {...main}
        {...shared}
        thresholds={rules.get(main.title) ?? noThresholds}
        phase={0}
        showsZone
        emptyText={emptyText}
        actions={menuOf(main)}
      />
      <Button
        className={classes.more ?? ''}
        variant="subtle"
        size="compact-xs"
        aria-expanded={more}
        onClick={() => setMore(!more)}
      >
        {more ? 'Fewer charts' : 'More charts: waits, ages, transactions, sessions lost'}
      </Button>
      {more && (
        <div className={classes.sideCharts}>
          {sideCharts.map((chart, i) => (
            <TimeSeriesChart
              key={chart.title}
              {...chart}
              {...shared}
              thresholds={rules.get(chart.title) ?? noThresholds}
              phase={(i + 1) / (sideCharts.length + 1)}
              emptyText={emptyText}
              actions={menuOf(chart)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

/** Sessions over time, stacked under the line of what the server takes; more charts on demand. */
export const SessionCharts = memo(Charts);

/** The groups shown; they change only when another one has grown among the largest. */
function useGroups(series: SessionSeries | null, stackedBy: StackedBy): readonly string[] {
  const [shown, setShown] = useState<{ by: StackedBy; names: readonly string[] }>({
    by: stackedBy,
    names: [],
  });
  useEffect(() => {
    if (series === null || stackedBy === 'state') return;
    const look = () =>
      setShown((before) => {
        const kept = before.by === stackedBy ? before.names : [];
        const names = groupsToShow(series.view().buckets, stackedBy, kept);
        const same = before.by === stackedBy && names.join('\n') === kept.join('\n');
        return same ? before : { by: stackedBy, names };
      });
    look();
    return series.subscribe(look);
  }, [series, stackedBy]);
  return shown.by === stackedBy ? shown.names : none;
}

const none: readonly string[] = [];
const noThresholds: never[] = [];
