import { useCallback, useEffect, useState } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { MachineSample } from '#shared/model/machine.ts';
import { points } from '../../charts/series.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { isCancelled } from '../../data/errors.ts';
import { boundsOf, type Range, spanOf } from '../../ranges/range.ts';
import { liveClient, onReachable } from '../sample-feed.ts';
import { TickSeries } from '../tick-series.ts';

export type MachineSeries = TickSeries<MachineSample>;

/** The machine is sampled this often. */
const leastBucketMs = 5000;
/** Where single samples are no longer kept a minute is one: two and a half of what it spans. */
const joinedWithinMs = ({ intervalMs }: MachineSample) => 2.5 * intervalMs;

interface SeriesState {
  series: MachineSeries | null;
  loading: boolean;
  error: unknown;
  reload(): void;
}

/**
 * What the machine did over a range, and does. @param pausedAtMs while the pool's charts stand
 * still at a moment, these do, too
 */
export function useMachineSeries(range: Range, pausedAtMs: number | null): SeriesState {
  const [series, setSeries] = useState<MachineSeries | null>(null);
  const [answer, setAnswer] = useState<{ loading: boolean; error: unknown }>({ loading: true, error: null });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again
  useEffect(() => {
    const spanMs = spanOf(range);
    const bucketMs = Math.max(leastBucketMs, bucketStepMs(spanMs, points));
    const now = () => Math.ceil(engineNowMs() / 1000) * 1000;
    const opened: MachineSeries = new TickSeries({ spanMs, bucketMs, joinedWithinMs });
    if (range.kind === 'fixed') opened.zoomTo(range);
    const abort = new AbortController();
    const load = async () => {
      setAnswer({ loading: true, error: null });
      try {
        const bounds = boundsOf(range, now());
        const span = {
          fromMs: Math.max(0, Math.floor(bounds.fromMs - 2 * bucketMs)),
          toMs: Math.ceil(bounds.toMs + bucketMs),
          bucketMs,
        };
        opened.add(await liveClient.request('machine.history', span, { signal: abort.signal }));
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
    if (range.kind === 'live') stops.push(liveClient.on('machine.sample', (sample) => opened.add([sample])));
    setSeries(opened);
    return () => {
      for (const stop of stops) stop();
      abort.abort();
    };
  }, [range, asked]);

  useEffect(() => {
    if (series === null || range.kind === 'fixed' || pausedAtMs === null) return;
    const toMs = Math.ceil(pausedAtMs / 1000) * 1000;
    series.zoomTo({ fromMs: toMs - spanOf(range), toMs });
    return () => series.showAll();
  }, [series, range, pausedAtMs]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { series, ...answer, reload };
}
