import { Button, Menu } from '@mantine/core';
import { FileDown } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { type ExportFormat, exportFormats, type SaveOutcome } from '#shared/contract/exporter.ts';
import { on, request } from '../../bridge/client.ts';
import { ExportJob } from '../../exports/export-job.ts';
import { progressInWords } from '../../exports/job-words.ts';
import { startDownload } from '../../exports/save-file.ts';
import { announce } from '../../exports/the-export-job.tsx';
import classes from './result-view.module.css';

/** The window's one export of a result. How it ended is said in a notice, wherever the user is by then. */
const job = new ExportJob({ client: { request, on }, download: startDownload, endedUnseen: announce });

const formatNames: Record<ExportFormat, string> = { csv: 'CSV', jsonl: 'JSON Lines', parquet: 'Parquet' };

interface Props {
  /** Null while there is nothing to export. */
  rows: number | null;
  ask(exportId: string, format: ExportFormat, signal: AbortSignal): Promise<SaveOutcome>;
}

/** Saves a result as a file; while that goes on, how far it is and the way to stop it. */
export function ResultExport({ rows, ask }: Props) {
  const state = useSyncExternalStore(job.subscribe, job.state);
  if (state.kind === 'running') {
    return (
      <span className={classes.exporting} role="status">
        {progressInWords(state)}
        <Button variant="default" size="compact-xs" onClick={() => job.cancel()}>
          Cancel the export
        </Button>
      </span>
    );
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-xs"
          disabled={rows === null}
          leftSection={<FileDown size={13} aria-hidden />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {exportFormats.map((format) => (
          <Menu.Item
            key={format}
            onClick={() => void job.start((exportId, signal) => ask(exportId, format, signal), rows ?? 0)}
          >
            {formatNames[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
