import { memo } from 'react';
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
  paused: boolean;
  onTogglePause(): void;
}

/** The range, how far behind it is, what it is compared with, and the export of it. */
export const LiveToolbar = memo(function LiveToolbar({ profileId, series, paused, onTogglePause }: Props) {
  const { current, past, compareWith } = useRangeState();
  const zone = useZone();
  return (
    <div className={classes.toolbar}>
      <LivePill
        series={series}
        fixed={current.kind === 'fixed'}
        paused={paused}
        zone={zone}
        onTogglePause={onTogglePause}
      />
      <RangeControls range={current} zoomed={past.length > 0} compareWith={compareWith} zone={zone} />
      <ExportButton profileId={profileId} series={series} />
    </div>
  );
});
