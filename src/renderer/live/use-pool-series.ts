import { useEffect, useState, useSyncExternalStore } from 'react';
import { pauses } from './latest-samples.ts';
import { type LiveWindow, liveWindows, PoolSeries, type PoolSeriesStatus } from './pool-series.ts';
import { liveClient, sampleFeed } from './sample-feed.ts';

/** The series of a pool over a window, open while the component stands. Null for its first render. */
export function usePoolSeries(profileId: string, window: LiveWindow): PoolSeries | null {
  const [series, setSeries] = useState<PoolSeries | null>(null);
  useEffect(() => {
    const { windowMs, bucketMs } = liveWindows[window];
    const opened = new PoolSeries({
      profileId,
      windowMs,
      bucketMs,
      client: liveClient,
      feed: sampleFeed,
      pauses,
    });
    const close = opened.open();
    setSeries(opened);
    return close;
  }, [profileId, window]);
  return series;
}

const idle: PoolSeriesStatus = { pausedAtMs: null, loading: true, error: null };
const nothing = () => () => {};

/** Whether a series is paused, loading or failed; renders only when one of them changes. */
export function usePoolSeriesStatus(series: PoolSeries | null): PoolSeriesStatus {
  return useSyncExternalStore(series?.subscribe ?? nothing, series?.status ?? (() => idle));
}
