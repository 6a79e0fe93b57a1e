import { useCallback, useEffect, useState } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { mergePoints, type PoolerPoint, type PoolScope, pointOf } from '#shared/model/pooler-point.ts';
import { points } from '../../charts/series.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { isCancelled } from '../../data/errors.ts';
import { boundsOf, type Range, spanOf } from '../../ranges/range.ts';
import { liveClient, onReachable } from '../sample-feed.ts';
import { TickSeries } from '../tick-series.ts';

export type PoolerSeries = TickSeries<PoolerPoint>;

interface SeriesState {
  /** Null for its first render. */
  series: PoolerSeries | null;
  loading: boolean;
  error: unknown;
  reload(): void;
}

/** While nobody looks a console is sampled as often as its health is checked. */
const joinedWithinIntervals = 2.5;

/**
 * The pools in a scope over a range: what was recorded, then what comes. It listens before it asks
 * and skips what the answer holds already, so nothing is missing or counted twice.
 */
export function usePoolerSeries(
  profileId: string,
  healthIntervalMs: number,
  { database, user }: PoolScope,
  range: Range,
): SeriesState {
  const [series, setSeries] = useState<PoolerSeries | null>(null);
  const [answer, setAnswer] = useState<{ loading: boolean; error: unknown }>({ loading: true, error: null });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again
  useEffect(() => {
    const scope = { database, user };
    const spanMs = spanOf(range);
    const bucketMs = bucketStepMs(spanMs, points);
    const opened: PoolerSeries = new TickSeries({
      spanMs,
      bucketMs,
      merge: mergePoints,
      // A minute from disk stands where it ended, and reaches back to where it began.
      joinedWithinMs: ({ fromMs, atMs }) => atMs - fromMs + joinedWithinIntervals * healthIntervalMs,
    });
    if (range.kind === 'fixed') opened.zoomTo(range);
    const abort = new AbortController();
    /** Heard while an answer is awaited. */
    let waiting: PoolerTick[] | null = [];
    const load = async () => {
      waiting = [];
      setAnswer({ loading: true, error: null });
      const { fromMs, toMs } = boundsOf(range, Math.ceil(engineNowMs() / 1000) * 1000);
      const span = { fromMs: Math.max(0, fromMs - 2 * bucketMs), toMs: toMs + bucketMs };
      let lastAtMs = 0;
      try {
        const query = { profileId, scope, bucketMs, ...span };
        const past = await liveClient.request('pgbouncer.history', query, { signal: abort.signal });
        lastAtMs = past.lastAtMs;
        opened.replace(past.points);
        setAnswer({ loading: false, error: null });
      } catch (error) {
        if (isCancelled(error)) return;
        setAnswer({ loading: false, error });
      }
      opened.add(waiting.filter(({ atMs }) => atMs > lastAtMs).map((tick) => pointOf(tick, scope)));
      waiting = null;
    };
    const stops = [
      onReachable(liveClient, (reachable) => {
        if (reachable) void load();
      }),
      opened.open(),
    ];
    if (range.kind === 'live') {
      stops.push(
        liveClient.on('pgbouncer.tick', (tick) => {
          if (tick.profileId !== profileId) return;
          if (waiting === null) opened.add([pointOf(tick, scope)]);
          else waiting.push(tick);
        }),
      );
    }
    setSeries(opened);
    return () => {
      for (const stop of stops) stop();
      abort.abort();
    };
  }, [profileId, healthIntervalMs, database, user, range, asked]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { series, ...answer, reload };
}
