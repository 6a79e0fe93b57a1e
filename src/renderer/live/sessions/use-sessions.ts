import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { isCancelled } from '../../data/errors.ts';
import { boundsOf, type Range, spanOf } from '../../ranges/range.ts';
import { liveClient, onReachable } from '../sample-feed.ts';
import { TickSeries } from '../tick-series.ts';
import { documentVisibility } from '../visibility.ts';
import { SessionWatch, type SessionWatchState } from './session-watch.ts';

const nothing: SessionWatchState = { status: null, list: null, error: null };
const noSubscription = () => () => {};

/** Looks at the sessions of a profile's server while the component stands. */
export function useSessionWatch(profileId: string): SessionWatchState {
  const [watch, setWatch] = useState<SessionWatch | null>(null);
  useEffect(() => {
    const opened = new SessionWatch({ profileId, client: liveClient, visibility: documentVisibility });
    setWatch(opened);
    return opened.open();
  }, [profileId]);
  return useSyncExternalStore(watch?.subscribe ?? noSubscription, watch?.state ?? (() => nothing));
}

export type SessionSeries = TickSeries<SessionsPoint>;

const points = 300;
/** As often as a server is sampled while someone looks, and a little more rarely. */
const leastBucketMs = 5000;
/** Two and a half background intervals of the usual length: such points stand for what lies between. */
const joinedWithinMs = 40_000;

interface SeriesState {
  series: SessionSeries | null;
  loading: boolean;
  error: unknown;
  reload(): void;
}

/** The points of a server over a range: what was recorded, and what comes. */
export function useSessionSeries(profileId: string, range: Range): SeriesState {
  const [series, setSeries] = useState<SessionSeries | null>(null);
  const [answer, setAnswer] = useState<{ loading: boolean; error: unknown }>({ loading: true, error: null });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again
  useEffect(() => {
    const spanMs = spanOf(range);
    const bucketMs = Math.max(leastBucketMs, bucketStepMs(spanMs, points));
    const opened: SessionSeries = new TickSeries({ spanMs, bucketMs, joinedWithinMs });
    if (range.kind === 'fixed') opened.zoomTo(range);
    const abort = new AbortController();
    const load = async () => {
      const { fromMs, toMs } = boundsOf(range, Math.ceil(engineNowMs() / 1000) * 1000);
      setAnswer({ loading: true, error: null });
      try {
        const span = { fromMs: Math.max(0, fromMs - 2 * bucketMs), toMs: toMs + bucketMs };
        const history = await liveClient.request(
          'sessions.history',
          { profileId, bucketMs, ...span },
          { signal: abort.signal },
        );
        opened.add(history.points);
        setAnswer({ loading: false, error: null });
      } catch (error) {
        if (!isCancelled(error)) setAnswer({ loading: false, error });
      }
    };
    const stops = [
      onReachable(liveClient, (reachable) => {
        if (reachable) void load();
      }),
      opened.open(),
    ];
    if (range.kind === 'live') {
      stops.push(
        liveClient.on('sessions.point', ({ profileIds, point }) => {
          if (profileIds.includes(profileId)) opened.add([point]);
        }),
      );
    }
    setSeries(opened);
    return () => {
      for (const stop of stops) stop();
      abort.abort();
    };
  }, [profileId, range, asked]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { series, ...answer, reload };
}
