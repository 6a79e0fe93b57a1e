import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Range } from '../ranges/range.ts';
import { pauses } from './latest-samples.ts';
import { PoolSeries, type PoolSeriesStatus } from './pool-series.ts';
import { liveClient, sampleFeed } from './sample-feed.ts';

/** An answer that comes sooner changes the picture in one step; for a later one the old picture gives way. */
const patienceMs = 150;

/**
 * The series of a pool over a range, open while the component stands. Null for its first render.
 * When the range changes the series before it stays until the new one has something to show.
 */
export function usePoolSeries(profileId: string, range: Range): PoolSeries | null {
  const [shown, setShown] = useState<{ profileId: string; series: PoolSeries } | null>(null);
  const before = useRef(shown);
  before.current = shown;
  useEffect(() => {
    const old = before.current?.profileId === profileId ? before.current.series.view() : undefined;
    const opened = new PoolSeries({
      profileId,
      range,
      client: liveClient,
      feed: sampleFeed,
      pauses,
      ...(old === undefined ? {} : { seed: old }),
    });
    const close = opened.open();
    const show = () => {
      clearTimeout(timer);
      unsubscribe();
      setShown({ profileId, series: opened });
    };
    const unsubscribe = opened.subscribe(() => {
      if (!opened.status().loading) show();
    });
    const timer = setTimeout(show, old === undefined ? 0 : patienceMs);
    return () => {
      clearTimeout(timer);
      unsubscribe();
      close();
    };
  }, [profileId, range]);
  return shown !== null && shown.profileId === profileId ? shown.series : null;
}

const idle: PoolSeriesStatus = { pausedAtMs: null, loading: true, error: null };
const nothing = () => () => {};

/** Whether a series is paused, loading or failed; renders only when one of them changes. */
export function usePoolSeriesStatus(series: PoolSeries | null): PoolSeriesStatus {
  return useSyncExternalStore(series?.subscribe ?? nothing, series?.status ?? (() => idle));
}
