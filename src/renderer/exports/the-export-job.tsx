import { notifications } from '@mantine/notifications';
import { useSyncExternalStore } from 'react';
import { on, request } from '../bridge/client.ts';
import { ExportJob, type JobState } from './export-job.ts';
import { doneInWords, withRemedy } from './job-words.ts';
import { startDownload } from './save-file.ts';

/** The page's one export. */
export const exportJob = new ExportJob({
  client: { request, on },
  download: startDownload,
  endedUnseen: announce,
});

export function useExportJob(): JobState {
  return useSyncExternalStore(exportJob.subscribe, exportJob.state);
}

/** Says how an export ended that nobody watched to its end. */
export function announce(state: JobState): void {
  if (state.kind === 'done') {
    notifications.show({
      title: 'Export finished',
      message: doneInWords(state),
      color: 'scope',
      closeButtonProps: { 'aria-label': 'Dismiss this notice' },
    });
  }
  if (state.kind === 'failed') {
    const { message, details } = withRemedy(state.error);
    notifications.show({
      title: 'The export failed',
      message: [message, details.remedy].filter(Boolean).join(' '),
      color: 'red',
      autoClose: false,
      closeButtonProps: { 'aria-label': 'Dismiss this notice' },
    });
  }
}
