import { Button } from '@mantine/core';
import { memo, useCallback, useRef, useState } from 'react';
import { Crosshair } from '../../../charts/crosshair.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { payloadOf } from '../../../data/errors.ts';
import { ChartMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import type { PoolSeries } from '../../../live/pool-series.ts';
import { usePoolSeries, usePoolSeriesStatus } from '../../../live/use-pool-series.ts';
import { liveCharts } from './chart-definitions.ts';
import classes from './live-tab.module.css';
import { LiveToolbar } from './live-toolbar.tsx';
import { StatTiles } from './stat-tiles.tsx';
import { useLiveWindow } from './use-live-window.ts';
import { useSpaceKey } from './use-space-key.ts';

/** What one pool does, second by second: figures, and charts over a window that ends now. */
export function LiveTab({ profileId }: { profileId: string }) {
  const [window, setWindow] = useLiveWindow();
  const series = usePoolSeries(profileId, window);
  const { paused, loading, error } = usePoolSeriesStatus(series);
  const area = useRef<HTMLDivElement>(null);
  const togglePause = useCallback(() => (paused ? series?.resume() : series?.pause()), [series, paused]);
  useSpaceKey(area, togglePause);

  return (
    <div ref={area} className={classes.area}>
      <LiveToolbar
        profileId={profileId}
        window={window}
        onWindow={setWindow}
        series={series}
        paused={paused}
        onTogglePause={togglePause}
      />
      <StatTiles profileId={profileId} paused={paused} />
      {error !== null && (
        <ErrorNote error={payloadOf(error)}>
          <p>Earlier samples could not be read; the charts start with the live ones.</p>
          <Button variant="default" onClick={() => void series?.load()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {series !== null && (
        <Charts
          profileId={profileId}
          series={series}
          emptyText={loading ? 'Reading earlier samples…' : 'No samples yet'}
        />
      )}
    </div>
  );
}

interface ChartsProps {
  profileId: string;
  series: PoolSeries;
  emptyText: string;
}

const Charts = memo(function Charts({ profileId, series, emptyText }: ChartsProps) {
  const [crosshair] = useState(() => new Crosshair());
  const { bucketMs } = series.view();
  const bucket = bucketMs === 1000 ? 'second' : `${bucketMs / 1000} s`;
  return (
    <div className={classes.charts}>
      {liveCharts.map(({ wide, ...chart }, i) => {
        const definition = { ...chart, unit: chart.unit.replace('{bucket}', bucket) };
        return (
          <div key={definition.title} className={wide ? classes.wide : undefined}>
            <TimeSeriesChart
              {...definition}
              source={series}
              crosshair={crosshair}
              phase={i / liveCharts.length}
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
