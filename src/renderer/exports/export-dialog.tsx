import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { engineNowMs } from '../data/engine-clock.ts';
import { useHistoryStorage } from '../data/history-queries.ts';
import { useProfiles } from '../data/queries.ts';
import type { Span } from '../ranges/range.ts';
import { useZone } from '../time/use-zone.ts';
import classes from './export-dialog.module.css';
import { ConnectionsField, FormatField, RangeField, ResolutionField } from './export-fields.tsx';
import { ExportFoot } from './export-foot.tsx';
import {
  type ExportErrors,
  type ExportValues,
  expectedRows,
  pickersOf,
  requestOf,
  wordsOf,
} from './export-values.ts';
import { exportJob, useExportJob } from './the-export-job.tsx';

interface FormProps {
  /** The connection whose charts are shown; null where there is none. */
  profileId: string | null;
  /** The range shown when the dialog was opened. */
  shown: Span | null;
  onClose(): void;
}

interface Props extends FormProps {
  opened: boolean;
}

const defaultSpanMs = 60 * 60_000;

/** Chooses what of the history goes into a file, and follows it there. Stays mounted, so that the focus comes back. */
export function ExportDialog({ opened, profileId, shown, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={640}
      title="Export history"
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the export' }}
    >
      <ExportForm profileId={profileId} shown={shown} onClose={onClose} />
    </Modal>
  );
}

function ExportForm({ profileId, shown, onClose }: FormProps) {
  const job = useExportJob();
  const profiles = useProfiles().data ?? [];
  const storage = useHistoryStorage(false).data;
  // Fixed when the dialog opens, so that what is offered does not change under the hand.
  const [openedAtMs] = useState(engineNowMs);
  const zone = useZone();
  const [values, setValues] = useState<ExportValues>(() => {
    const span = shown ?? { fromMs: openedAtMs - defaultSpanMs, toMs: openedAtMs };
    return {
      connections: profileId === null ? 'all' : 'this',
      several: profileId === null ? [] : [profileId],
      range: shown === null ? 'typed' : 'shown',
      ...{ text: wordsOf(span, zone), ...pickersOf(span, zone) },
      ...{ format: 'csv', resolution: 'raw', bucketMs: 5 * 60_000 },
    };
  });
  const [submitted, setSubmitted] = useState(false);

  useEffect(() => exportJob.watch(), []);

  const context = {
    thisId: profileId,
    allIds: profiles.map((profile) => profile.profileId),
    shown,
    nowMs: openedAtMs,
    zone,
  };
  const outcome = requestOf(values, context);
  const request = 'request' in outcome ? outcome.request : null;
  // Before the first try nobody is told that what they have not filled in yet is wrong.
  const errors: ExportErrors = submitted && 'errors' in outcome ? outcome.errors : {};
  const rows = request === null ? null : expectedRows(request, storage, openedAtMs);
  const change = (part: Partial<ExportValues>) => setValues((before) => ({ ...before, ...part }));
  const busy = job.kind === 'running';
  const field = { values, change, errors, busy };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (request !== null) void exportJob.start(request, rows ?? 0);
      }}
    >
      <ConnectionsField {...field} profiles={profiles} thisId={profileId} />
      <RangeField {...field} context={context} />
      <FormatField {...field} />
      <ResolutionField {...field} rawDays={storage?.retention.rawDays} />
      <ExportFoot
        job={job}
        rows={rows}
        connections={request?.profileIds.length ?? 0}
        onCancel={() => exportJob.cancel()}
        onClose={onClose}
      />
    </form>
  );
}
