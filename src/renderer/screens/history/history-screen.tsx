import { Button } from '@mantine/core';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';
import { payloadOf } from '../../data/errors.ts';
import { useHistoryStorage } from '../../data/history-queries.ts';
import { ExportDialog } from '../../exports/export-dialog.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { BundlesPanel } from './bundles-panel.tsx';
import { DeletePanel } from './delete-panel.tsx';
import classes from './history-screen.module.css';
import { RetentionForm } from './retention-form.tsx';
import { SamplingPanel } from './sampling-panel.tsx';
import { SizesTable } from './sizes-table.tsx';
import { StoragePanel } from './storage-panel.tsx';

/** Sizes grow by kilobytes a second; more often would only make figures dance. */
const refreshMs = 15_000;
/** Who has just connected waits for the first row. */
const whileEmptyMs = 2000;

/** What is recorded, for how long, what it takes up, and how to be rid of it. */
export function HistoryScreen() {
  const storage = useHistoryStorage(refreshMs, whileEmptyMs);
  if (storage.data !== undefined) return <History storage={storage.data} />;
  if (storage.isError) {
    return (
      <EmptyState level={1} title="The history could not be read">
        <ErrorNote error={payloadOf(storage.error)} />
        <Button onClick={() => void storage.refetch()} loading={storage.isFetching}>
          Try again
        </Button>
      </EmptyState>
    );
  }
  return (
    <section className={classes.page}>
      <h1 className={classes.title}>History</h1>
      <p role="status" className={classes.dim}>
        Reading what the history takes up…
      </p>
    </section>
  );
}

function History({ storage }: { storage: HistoryStorage }) {
  const [exporting, setExporting] = useState(false);
  return (
    <section className={classes.page} aria-labelledby="history-title">
      <div className={classes.head}>
        <h1 id="history-title" className={classes.title}>
          History
        </h1>
        <Button
          variant="default"
          leftSection={<FileDown size={14} aria-hidden />}
          onClick={() => setExporting(true)}
        >
          Export history…
        </Button>
      </div>
      <StoragePanel storage={storage} />
      <SizesTable storage={storage} />
      <div className={classes.columns}>
        <RetentionForm storage={storage} />
        <DeletePanel storage={storage} />
      </div>
      <SamplingPanel />
      <BundlesPanel />
      <ExportDialog opened={exporting} profileId={null} shown={null} onClose={() => setExporting(false)} />
    </section>
  );
}
