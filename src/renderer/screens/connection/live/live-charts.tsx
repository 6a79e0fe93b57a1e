import { memo, useMemo } from 'react';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { RuleLines } from '../../../alerts/rule-lines.ts';
import type { Overlay } from '../../../charts/chart-data.ts';
import type { ChartCommands } from '../../../charts/commands.ts';
import type { Crosshair } from '../../../charts/crosshair.ts';
import type { ShownChart } from '../../../charts/shown-chart.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { ChartMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import type { PoolSeries } from '../../../live/pool-series.ts';
import type { Zone } from '../../../time/zone.ts';
import { chartsFor, type PoolLimits } from './chart-definitions.ts';
import classes from './live-tab.module.css';

interface Props {
  profileId: string;
  series: PoolSeries;
  overlay: Overlay | null;
  limits: PoolLimits;
  rules: RuleLines;
  /** Of what the series holds now; a longer one may come with the answer. */
  bucketMs: number;
  emptyText: string;
  zone: Zone;
  events: readonly HistoryEvent[];
  crosshair: Crosshair;
  commands: ChartCommands;
}

/** The charts of one pool over one range, under one crosshair. */
export const LiveCharts = memo(function LiveCharts(props: Props) {
  const { profileId, series, overlay, limits, rules, bucketMs, emptyText } = props;
  const { zone, events, crosshair, commands } = props;
  const charts = useMemo(() => chartsFor(bucketMs, limits, rules), [bucketMs, limits, rules]);
  return (
    <div className={classes.charts}>
      {charts.map(({ wide, ...chart }, i) => (
        <div key={chart.title} className={wide ? classes.wide : undefined}>
          <TimeSeriesChart
            {...chart}
            source={series}
            overlay={overlay}
            events={events}
            crosshair={crosshair}
            commands={commands}
            zone={zone}
            phase={i / charts.length}
            showsZone={i === 0}
            emptyText={emptyText}
            actions={(shown: () => ShownChart) => (
              <ChartMenu chart={chart} shown={shown} findSubject={() => savedSubject(profileId)} />
            )}
          />
        </div>
      ))}
    </div>
  );
});
