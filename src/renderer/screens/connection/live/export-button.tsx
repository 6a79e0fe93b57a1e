import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { request } from '../../../bridge/client.ts';
import type { ShownRange } from '../../../charts/shown-chart.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import { LiveExportMenu } from '../../../exports/live-export-menu.tsx';
import { followSaveOutcome } from '../../../exports/save-outcome.ts';
import classes from './live-tab.module.css';

interface Props {
  profileId: string;
  /** What stands on screen now; null before there is anything. */
  shown(): ShownRange | null;
}

/** Saves every sample of the range shown; a menu beside it holds all else that can be made of it. */
export function ExportButton({ profileId, shown }: Props) {
  const [exporting, setExporting] = useState(false);

  const exportCsv = async () => {
    const now = shown();
    if (now === null) return;
    const { fromMs, toMs } = now.view;
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
        title="Every sample that is kept of the range shown, as CSV; “More formats…” has minutes, too"
        loading={exporting}
        onClick={() => void exportCsv()}
      >
        Export CSV
      </Button>
      <LiveExportMenu profileId={profileId} shown={shown} />
    </Button.Group>
  );
}
