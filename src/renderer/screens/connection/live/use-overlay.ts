import { useMemo } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { Overlay } from '../../../charts/chart-data.ts';
import { type PoolSeries, points } from '../../../live/pool-series.ts';
import { useOverlaySeries } from '../../../live/use-overlays.ts';
import { compareName, offsetOf } from '../../../ranges/compare.ts';
import { spanOf } from '../../../ranges/range.ts';
import { useRangeState } from '../../../ranges/range-store.ts';
import type { Zone } from '../../../time/zone.ts';

/** What the charts are compared with, as chosen in the toolbar. */
export function useOverlay(profileId: string, series: PoolSeries | null, zone: Zone): Overlay | null {
  const { compareWith } = useRangeState();
  const offsetMs = useMemo(() => {
    if (series === null) return null;
    const spanMs = spanOf(series.range);
    const { toMs } = series.view();
    return offsetOf(compareWith, { spanMs, toMs, bucketMs: bucketStepMs(spanMs, points), zone });
  }, [compareWith, series, zone]);
  const source = useOverlaySeries(profileId, series, offsetMs);
  return useMemo(
    () =>
      source === null || series === null
        ? null
        : { source, offsetMs: source.offsetMs, label: compareName(compareWith, spanOf(series.range)) },
    [source, compareWith, series],
  );
}
