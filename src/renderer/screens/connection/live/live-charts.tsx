import { memo, useMemo } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Overlay } from '../../../charts/chart-data.ts';
import type { ChartCommands } from '../../../charts/commands.ts';
import type { Crosshair } from '../../../charts/crosshair.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { ChartMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import { type PoolSeries, points } from '../../../live/pool-series.ts';
import { useOverlaySeries } from '../../../live/use-overlays.ts';
import { compareName, offsetOf } from '../../../ranges/compare.ts';
import { spanOf } from '../../../ranges/range.ts';
import { useRangeState } from '../../../ranges/range-store.ts';
import { formatStep } from '../../../ranges/range-words.ts';
import type { Zone } from '../../../time/zone.ts';
import { liveCharts } from './chart-definitions.ts';
import classes from './live-tab.module.css';

interface Props {
  profileId: string;
  series: PoolSeries;
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
  const { profileId, series, bucketMs, emptyText, zone, events, crosshair, commands } = props;
  const overlay = useOverlay(profileId, series, zone);
  const bucket = formatStep(bucketMs);
  return (
    <div className={classes.charts}>
      {liveCharts.map(({ wide, ...chart }, i) => {
        const definition = { ...chart, unit: chart.unit.replace('{bucket}', bucket) };
        return (
          <div key={definition.title} className={wide ? classes.wide : undefined}>
            <TimeSeriesChart
              {...definition}
              source={series}
              overlay={overlay}
              events={events}
              crosshair={crosshair}
              commands={commands}
              zone={zone}
              phase={i / liveCharts.length}
              showsZone={i === 0}
              emptyText={emptyText}
              actions={
                <ChartMenu
                  definition={definition}
                  source={series}
                  findSubject={() => savedSubject(profileId)}
                />
              }
            />
          </div>
        );
      })}
    </div>
  );
});

/** What the charts are compared with, as chosen in the toolbar. */
function useOverlay(profileId: string, series: PoolSeries, zone: Zone): Overlay | null {
  const { compareWith } = useRangeState();
  const offsetMs = useMemo(() => {
    const spanMs = spanOf(series.range);
    const { toMs } = series.view();
    return offsetOf(compareWith, { spanMs, toMs, bucketMs: bucketStepMs(spanMs, points), zone });
  }, [compareWith, series, zone]);
  const source = useOverlaySeries(profileId, series, offsetMs);
  return useMemo(
    () =>
      source === null
        ? null
        : { source, offsetMs: source.offsetMs, label: compareName(compareWith, spanOf(series.range)) },
    [source, compareWith, series],
  );
}
