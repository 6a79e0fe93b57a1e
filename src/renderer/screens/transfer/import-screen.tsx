import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportPreview } from '#shared/contract/profile-transfer.ts';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { go } from '../../navigation/place.ts';
import { ImportPreviewForm } from './import-preview-form.tsx';
import { ImportSourceForm, type SourceValues } from './import-source-form.tsx';
import classes from './transfer.module.css';

/** Connections from elsewhere: what to read, what was understood of it, and what is taken over. */
export function ImportScreen() {
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const read = useMutation({
    mutationFn: (values: SourceValues) => request('profiles.previewImport', values),
    onSuccess: setPreview,
    meta: { shownInPlace: true },
  });
  return (
    <section className={classes.page} aria-labelledby="import-title">
      <div className={classes.head}>
        <h1 id="import-title" className={classes.title}>
          Import connections
        </h1>
        <Button variant="default" onClick={() => go({ screen: 'overview' })}>
          Close
        </Button>
      </div>
      <ImportSourceForm
        reading={read.isPending}
        onChange={() => {
          setPreview(null);
          read.reset();
        }}
        onRead={(values) => read.mutate(values)}
      />
      {read.isError && <ErrorNote error={payloadOf(read.error)} />}
      {preview !== null && <ImportPreviewForm key={preview.importId} preview={preview} />}
    </section>
  );
}
