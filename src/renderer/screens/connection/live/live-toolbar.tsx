import { memo } from 'react';
import type { ShownRange } from '../../../charts/shown-chart.ts';
import type { PoolSeries } from '../../../live/pool-series.ts';
import { RangeControls } from '../../../ranges/range-controls.tsx';
import { useRangeState } from '../../../ranges/range-store.ts';
import { useZone } from '../../../time/use-zone.ts';
import { ExportButton } from './export-button.tsx';
import { LivePill } from './live-pill.tsx';
import classes from './live-tab.module.css';

interface Props {
  profileId: string;
  series: PoolSeries | null;
  /** Null while live. */
  pausedAtMs: number | null;
  /** Nothing new can come. */
  unreachable: boolean;
  /** What stands on screen now; null before there is anything. */
  shown(): ShownRange | null;
  onTogglePause(): void;
  onGoLive(): void;
}

/** The range, how far behind it is, what it is compared with, and the export of it. */
export const LiveToolbar = memo(function LiveToolbar(props: Props) {
  const { profileId, series, pausedAtMs, unreachable, shown, onTogglePause, onGoLive } = props;
  const { current, past, compareWith } = useRangeState();
  const zone = useZone();
  return (
    <div className={classes.toolbar}>
      <LivePill
        series={series}
        fixed={current.kind === 'fixed'}
        pausedAtMs={pausedAtMs}
        unreachable={unreachable}
        zone={zone}
        onTogglePause={onTogglePause}
        onGoLive={onGoLive}
      />
      <RangeControls range={current} zoomed={past.length > 0} compareWith={compareWith} zone={zone} />
      <ExportButton profileId={profileId} shown={shown} />
    </div>
  );
});
