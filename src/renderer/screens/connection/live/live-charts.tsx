import { createContext, memo, useCallback, useContext, useMemo } from 'react';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { RuleLines } from '../../../alerts/rule-lines.ts';
import type { Overlay } from '../../../charts/chart-data.ts';
import type { ChartCommands } from '../../../charts/commands.ts';
import type { Crosshair } from '../../../charts/crosshair.ts';
import type { ShownChart } from '../../../charts/shown-chart.ts';
import type { Threshold } from '../../../charts/thresholds.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { ChartMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import type { PoolSeries } from '../../../live/pool-series.ts';
import type { Zone } from '../../../time/zone.ts';
import {
  type ChartDefinition,
  liveCharts,
  type PoolLimits,
  thresholdsOf,
  unitOf,
} from './chart-definitions.ts';
import classes from './live-tab.module.css';

interface Props {
  profileId: string;
  source: PoolSeries;
  overlay: Overlay | null;
  limits: PoolLimits;
  rules: RuleLines;
  /** Of what the series holds now; a longer one may come with the answer. */
  bucketMs: number;
  zone: Zone;
  events: readonly HistoryEvent[];
  crosshair: Crosshair;
  commands: ChartCommands;
}

/** What stands in a chart without samples; read by the charts that have none, so that no other is rendered anew. */
export const EmptyTextContext = createContext('');

function EmptyNote() {
  return useContext(EmptyTextContext);
}
const emptyNote = <EmptyNote />;

/** The charts of one pool over one range, under one crosshair. */
export const LiveCharts = memo(function LiveCharts(props: Props) {
  const { limits, rules, bucketMs, ...shared } = props;
  const thresholds = useMemo(
    () => liveCharts.map((definition) => thresholdsOf(definition, limits, rules)),
    [limits, rules],
  );
  return (
    <div className={classes.charts}>
      {liveCharts.map((definition, i) => (
        <div key={definition.title} className={definition.wide ? classes.wide : undefined}>
          <LiveChart
            {...shared}
            definition={definition}
            unit={unitOf(definition, bucketMs)}
            thresholds={thresholds[i] as Threshold[]}
            place={i}
          />
        </div>
      ))}
    </div>
  );
});

interface ChartProps extends Omit<Props, 'limits' | 'rules' | 'bucketMs'> {
  definition: ChartDefinition;
  unit: string;
  thresholds: readonly Threshold[];
  place: number;
}

/** Rendered anew only for what changes in this one: most do not name the length of a bucket. */
const LiveChart = memo(function LiveChart({ profileId, definition, unit, place, ...shared }: ChartProps) {
  const chart = useMemo(() => {
    const { wide: _wide, thresholdsOf: _thresholdsOf, ...rest } = definition;
    return { ...rest, unit };
  }, [definition, unit]);
  const actions = useCallback(
    (shown: () => ShownChart) => (
      <ChartMenu chart={chart} shown={shown} findSubject={() => savedSubject(profileId)} />
    ),
    [chart, profileId],
  );
  return (
    <TimeSeriesChart
      {...chart}
      {...shared}
      phase={place / liveCharts.length}
      showsZone={place === 0}
      emptyText={emptyNote}
      actions={actions}
    />
  );
});
