import { notifications } from '@mantine/notifications';
import type { SaveOutcome } from '#shared/contract/exporter.ts';
import { startDownload } from './save-file.ts';

/** Finishes an export: starts the download, or says where the file went. Cancelling is no news. */
export function followSaveOutcome(outcome: SaveOutcome): void {
  switch (outcome.kind) {
    case 'download':
      startDownload(outcome.url, outcome.fileName);
      return;
    case 'saved':
      notifications.show({
        title: 'Export saved',
        message: outcome.path,
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
      return;
    case 'cancelled':
      return;
  }
}
