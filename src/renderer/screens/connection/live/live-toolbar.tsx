import { Button, SegmentedControl } from '@mantine/core';
import { Download, Pause, Play } from 'lucide-react';
import { memo, useState } from 'react';
import { request } from '../../../bridge/client.ts';
import { formatClock } from '../../../charts/formats.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import { LiveExportMenu } from '../../../exports/live-export-menu.tsx';
import { type LiveWindow, liveWindows, type PoolSeries } from '../../../live/pool-series.ts';
import classes from './live-tab.module.css';
import { followSaveOutcome } from './save-outcome.ts';

interface Props {
  profileId: string;
  window: LiveWindow;
  onWindow(window: LiveWindow): void;
  series: PoolSeries | null;
  paused: boolean;
  onTogglePause(): void;
}

const windows = Object.entries(liveWindows).map(([value, { label }]) => ({ value, label }));

/** Window, Live or Paused, and the export of the window shown. */
export const LiveToolbar = memo(function LiveToolbar(props: Props) {
  const { profileId, window, onWindow, series, paused, onTogglePause } = props;
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

  const state = paused && series !== null ? `Paused at ${formatClock(series.view().toMs)}` : 'Live';

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
        aria-label={paused ? `${state}. Go on live` : `${state}. Pause`}
        aria-keyshortcuts="Space"
        title={paused ? 'Go on live (Space)' : 'Pause (Space)'}
        leftSection={paused ? <Play size={13} aria-hidden /> : <span className={classes.dot} />}
        rightSection={paused ? null : <Pause size={13} aria-hidden />}
        onClick={onTogglePause}
      >
        {state}
      </Button>
      <Button.Group className={classes.export ?? ''}>
        <Button
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          title={`Every sample of the ${liveWindows[window].label} shown, as CSV`}
          loading={exporting}
          onClick={() => void exportCsv()}
        >
          Export CSV
        </Button>
        <LiveExportMenu profileId={profileId} source={series} />
      </Button.Group>
    </div>
  );
});
