import { useMemo, useSyncExternalStore } from 'react';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { Overlay } from '../../../charts/chart-data.ts';
import { points } from '../../../charts/series.ts';
import type { OverlayState } from '../../../live/overlay-series.ts';
import type { PoolSeries } from '../../../live/pool-series.ts';
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
  const state = useSyncExternalStore<OverlayState>(
    source?.subscribe ?? nothing,
    source?.state ?? (() => 'reading'),
  );
  return useMemo(() => {
    if (source === null || series === null) return null;
    const label = `${compareName(compareWith, spanOf(series.range))}${stateInWords[state]}`;
    return { source, offsetMs: source.offsetMs, label };
  }, [source, state, compareWith, series]);
}

const nothing = () => () => {};
const stateInWords: Record<OverlayState, string> = {
  ...{ reading: '', read: '' },
  empty: ': nothing was recorded then',
  failed: ': it could not be read',
};
