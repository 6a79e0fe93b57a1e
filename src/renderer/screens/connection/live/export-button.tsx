import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { request } from '../../../bridge/client.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import { LiveExportMenu } from '../../../exports/live-export-menu.tsx';
import type { PoolSeries } from '../../../live/pool-series.ts';
import classes from './live-tab.module.css';
import { followSaveOutcome } from './save-outcome.ts';

/** Saves every sample of the range shown; a menu beside it holds all else that can be made of it. */
export function ExportButton({ profileId, series }: { profileId: string; series: PoolSeries | null }) {
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

  return (
    <Button.Group className={classes.export ?? ''}>
      <Button
        variant="default"
        leftSection={<Download size={14} aria-hidden />}
        title="Every sample of the range shown, as CSV"
        loading={exporting}
        onClick={() => void exportCsv()}
      >
        Export CSV
      </Button>
      <LiveExportMenu profileId={profileId} source={series} />
    </Button.Group>
  );
}
