import { Button } from '@mantine/core';
import { memo, useCallback, useRef, useState } from 'react';
import { Crosshair } from '../../../charts/crosshair.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import type { PoolSeries, PoolSeriesStatus } from '../../../live/pool-series.ts';
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
  const status = usePoolSeriesStatus(series);
  const { pausedAtMs, error } = status;
  const paused = pausedAtMs !== null;
  // The frame says so at length, and what was missed is asked for by itself.
  const unreachable = useLinkLost();
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
        pausedAtMs={pausedAtMs}
        unreachable={unreachable}
        onTogglePause={togglePause}
      />
      <StatTiles profileId={profileId} paused={paused} />
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <p>Earlier samples could not be read; the charts start with the live ones.</p>
          <Button variant="default" onClick={() => void series?.load()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {series !== null && <Charts series={series} emptyText={emptyTextOf(status, unreachable)} />}
    </div>
  );
}

/** What stands in a chart that has nothing to draw. */
function emptyTextOf({ loading, pausedAtMs }: PoolSeriesStatus, unreachable: boolean): string {
  if (unreachable) return 'Poolscope cannot be reached';
  if (loading) return 'Reading earlier samples…';
  return pausedAtMs === null ? 'No samples yet' : 'No samples of this time are kept';
}

interface ChartsProps {
  series: PoolSeries;
  emptyText: string;
}

const Charts = memo(function Charts({ series, emptyText }: ChartsProps) {
  const [crosshair] = useState(() => new Crosshair());
  const { bucketMs } = series.view();
  const bucket = bucketMs === 1000 ? 'second' : `${bucketMs / 1000} s`;
  return (
    <div className={classes.charts}>
      {liveCharts.map(({ wide, unit, ...definition }, i) => (
        <div key={definition.title} className={wide ? classes.wide : undefined}>
          <TimeSeriesChart
            {...definition}
            unit={unit.replace('{bucket}', bucket)}
            source={series}
            crosshair={crosshair}
            phase={i / liveCharts.length}
            showsZone={i === 0}
            emptyText={emptyText}
          />
        </div>
      ))}
    </div>
  );
});
