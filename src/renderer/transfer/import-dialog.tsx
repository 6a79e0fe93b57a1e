import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../bridge/client.ts';
import { ImportPreviewForm } from './import-preview.tsx';
import { ImportSourceForm, type ImportText } from './import-source.tsx';
import { showTransfer, useShownTransfer } from './transfer-dialogs.ts';

const nothing: ImportText = { source: 'auto', text: '', passphrase: '' };

/** Connections from settings that others wrote: read first, shown, then saved as chosen. */
export function ImportDialog() {
  return (
    <Modal
      opened={useShownTransfer() === 'import'}
      onClose={() => showTransfer(null)}
      size={720}
      title="Import connections"
      transitionProps={{ duration: 0 }}
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the import' }}
    >
      <ImportSteps />
    </Modal>
  );
}

function ImportSteps() {
  const [given, setGiven] = useState(nothing);
  const read = useMutation({
    mutationFn: (input: ImportText) => request('profiles.previewImport', input),
    meta: { shownInPlace: true },
  });
  return read.data === undefined ? (
    <ImportSourceForm
      given={given}
      error={read.error}
      busy={read.isPending}
      onChange={setGiven}
      onRead={() => read.mutate(given)}
    />
  ) : (
    <ImportPreviewForm preview={read.data} onBack={read.reset} />
  );
}
