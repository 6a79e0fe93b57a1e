import { Button, SegmentedControl } from '@mantine/core';
import { Download, Pause, Play } from 'lucide-react';
import { memo, useState } from 'react';
import { request } from '../../../bridge/client.ts';
import { formatClockWithZone } from '../../../charts/formats.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import { type LiveWindow, liveWindows, type PoolSeries } from '../../../live/pool-series.ts';
import classes from './live-tab.module.css';
import { followSaveOutcome } from './save-outcome.ts';

interface Props {
  profileId: string;
  window: LiveWindow;
  onWindow(window: LiveWindow): void;
  series: PoolSeries | null;
  /** Null while live. */
  pausedAtMs: number | null;
  /** Nothing new can come. */
  unreachable: boolean;
  onTogglePause(): void;
}

const windows = Object.entries(liveWindows).map(([value, { label }]) => ({ value, label }));

/** Window; Live, Paused or No link; and the export of the window shown. */
export const LiveToolbar = memo(function LiveToolbar(props: Props) {
  const { profileId, window, onWindow, series, pausedAtMs, unreachable, onTogglePause } = props;
  const paused = pausedAtMs !== null;
  const [exporting, setExporting] = useState(false);

  const exportCsv = async () => {
    if (series === null) return;
    const { fromMs, toMs } = series.view();
    setExporting(true);
    try {
      followSaveOutcome(await request('exporter.csv', { profileId, fromMs, toMs }));
    } catch (error) {
      notifyFailure('The export failed', error);
    } finally {
      setExporting(false);
    }
  };

  const state = paused ? `Paused at ${formatClockWithZone(pausedAtMs)}` : unreachable ? 'No link' : 'Live';

  return (
    <div className={classes.toolbar}>
      <SegmentedControl
        aria-label="Window"
        data={windows}
        value={window}
        onChange={(value) => onWindow(value as LiveWindow)}
      />
      <Button
        variant="default"
        radius="xl"
        className={classes.pill}
        data-paused={paused || undefined}
        data-no-link={(unreachable && !paused) || undefined}
        aria-label={paused ? `${state}. Go on live` : `${state}. Pause`}
        aria-keyshortcuts="Space"
        title={paused ? 'Go on live (Space)' : 'Pause (Space)'}
        leftSection={paused ? <Play size={13} aria-hidden /> : <span className={classes.dot} />}
        rightSection={paused ? null : <Pause size={13} aria-hidden />}
        onClick={onTogglePause}
      >
        {state}
      </Button>
      <Button
        variant="default"
        className={classes.export}
        leftSection={<Download size={14} aria-hidden />}
        title={`Every sample of the ${liveWindows[window].label} shown, as CSV`}
        loading={exporting}
        onClick={() => void exportCsv()}
      >
        Export CSV
      </Button>
    </div>
  );
});
