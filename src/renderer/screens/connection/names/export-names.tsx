import { Button, Menu } from '@mantine/core';
import { Download } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import type { ExportFormat } from '#shared/contract/exporter.ts';
import type { NameSearch } from '#shared/model/names.ts';
import { on, request } from '../../../bridge/client.ts';
import { ExportJob } from '../../../exports/export-job.ts';
import { doneInWords, progressInWords, withRemedy } from '../../../exports/job-words.ts';
import { startDownload } from '../../../exports/save-file.ts';
import { announce } from '../../../exports/the-export-job.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './names.module.css';

/** The page's one export of names; it goes on when the tab is left. */
const job = new ExportJob({ client: { request, on }, download: startDownload, endedUnseen: announce });

const useJob = () => useSyncExternalStore(job.subscribe, job.state);

interface Props {
  profileId: string;
  schema: string;
  search: NameSearch | null;
  disabled: boolean;
}

/** Saves the names, or those looked for, as a file. */
export function ExportNames({ profileId, schema, search, disabled }: Props) {
  const { kind } = useJob();
  const save = (format: ExportFormat) => {
    const wish = { profileId, schema, search, format };
    void job.start((exportId, signal) => request('names.export', { exportId, ...wish }, { signal }), 0);
  };
  const what = search === null ? 'All names' : 'The names found';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          disabled={disabled || kind === 'running'}
          leftSection={<Download size={14} aria-hidden />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save('csv')}>{what} as CSV</Menu.Item>
        <Menu.Item onClick={() => save('jsonl')}>{what} as JSON Lines</Menu.Item>
        <Menu.Item onClick={() => save('parquet')}>{what} as Parquet</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** How far the export is, or how it ended. */
export function ExportOutcome() {
  const state = useJob();
  useEffect(() => job.watch(), []);
  switch (state.kind) {
    case 'running':
      return (
        <div className={classes.outcome}>
          <span role="status">Exporting: {progressInWords(state)}</span>
          <Button variant="default" size="compact-xs" onClick={() => job.cancel()}>
            Cancel the export
          </Button>
        </div>
      );
    case 'done':
      return (
        <p className={classes.outcome} role="status">
          Exported {doneInWords(state)}
        </p>
      );
    case 'failed':
      return <ErrorNote error={withRemedy(state.error)} />;
    case 'cancelled':
      return (
        <p className={classes.outcome} role="status">
          Cancelled. Nothing was exported.
        </p>
      );
    case 'idle':
      return null;
  }
}
