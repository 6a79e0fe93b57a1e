import { useEffect, useState, useSyncExternalStore } from 'react';
import type { SeriesSource, Slot } from '../charts/series.ts';
import { HistoryEvents, type HistoryEventsState } from './history-events-store.ts';
import { OverlaySeries } from './overlay-series.ts';
import type { PoolSeries } from './pool-series.ts';
import { liveClient } from './sample-feed.ts';

/** The same pool `offsetMs` earlier, to be drawn behind `base`; null for none. */
export function useOverlaySeries(
  profileId: string,
  base: PoolSeries | null,
  offsetMs: number | null,
): OverlaySeries | null {
  const [overlay, setOverlay] = useState<OverlaySeries | null>(null);
  useEffect(() => {
    if (base === null || offsetMs === null) {
      setOverlay(null);
      return;
    }
    const opened = new OverlaySeries({ profileId, base, offsetMs, client: liveClient });
    setOverlay(opened);
    return opened.open();
  }, [profileId, base, offsetMs]);
  return overlay;
}

/** What happened in the span `base` shows. Null for its first render. */
export function useHistoryEvents(profileId: string, base: SeriesSource<Slot> | null): HistoryEvents | null {
  const [events, setEvents] = useState<HistoryEvents | null>(null);
  useEffect(() => {
    if (base === null) return;
    const opened = new HistoryEvents({ profileId, base, client: liveClient });
    setEvents(opened);
    return opened.open();
  }, [profileId, base]);
  return events;
}

const none: HistoryEventsState = { events: [], error: null };
const nothing = () => () => {};

export function useHistoryEventsState(events: HistoryEvents | null): HistoryEventsState {
  return useSyncExternalStore(events?.subscribe ?? nothing, events?.state ?? (() => none));
}
