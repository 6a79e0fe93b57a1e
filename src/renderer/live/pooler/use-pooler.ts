import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { request } from '../../bridge/client.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { liveClient, onReachable } from '../sample-feed.ts';
import { TickSeries } from '../tick-series.ts';
import { keepTick } from './latest-ticks.ts';

/** The engine samples each second for ten seconds after it was asked. */
const lookEveryMs = 5000;

/** Where a pooler stands. While the page is seen, it also tells the engine that somebody watches. */
export function usePoolerOverview(profileId: string) {
  return useQuery({
    queryKey: ['pgbouncer.overview', profileId],
    queryFn: async ({ signal }) => {
      const overview = await request('pgbouncer.overview', { profileId }, { signal });
      if (overview.tick !== null) keepTick(overview.tick);
      return overview;
    },
    refetchInterval: lookEveryMs,
  });
}

export type PoolerSeries = TickSeries<PoolerTick>;

/** The engine remembers a quarter of an hour. */
export const poolerSpans = [
  { label: '5 m', spanMs: 5 * 60_000 },
  { label: '15 m', spanMs: 15 * 60_000 },
] as const;

/** About as many buckets as a chart has room for. */
const points = 300;

/** The last minutes of a console, for charts. Null for its first render. */
export function usePoolerSeries(
  profileId: string,
  spanMs: number,
  healthIntervalMs: number,
): PoolerSeries | null {
  const [series, setSeries] = useState<PoolerSeries | null>(null);
  useEffect(() => {
    // While nobody looks it is sampled as often as its health is checked.
    const joinedWithinMs = 2.5 * healthIntervalMs;
    const bucketMs = bucketStepMs(spanMs, points);
    const opened: PoolerSeries = new TickSeries({ spanMs, bucketMs, joinedWithinMs });
    const abort = new AbortController();
    const load = async () => {
      try {
        const sinceMs = Math.max(0, Math.floor(engineNowMs() - spanMs));
        opened.add(
          await liveClient.request('pgbouncer.recent', { profileId, sinceMs }, { signal: abort.signal }),
        );
      } catch {
        // Charts begin with the ticks that come; why the console is out of reach stands above them.
      }
    };
    const stops = [
      liveClient.on('pgbouncer.tick', (tick) => {
        if (tick.profileId === profileId) opened.add([tick]);
      }),
      onReachable(liveClient, (reachable) => {
        if (reachable) void load();
      }),
      opened.open(),
    ];
    setSeries(opened);
    return () => {
      for (const stop of stops) stop();
      abort.abort();
    };
  }, [profileId, spanMs, healthIntervalMs]);
  return series;
}
