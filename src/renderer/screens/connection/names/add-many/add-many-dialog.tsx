import { Button, Modal, Progress } from '@mantine/core';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { on, request } from '../../../../bridge/client.ts';
import { formatCount } from '../../../../charts/formats.ts';
import { formatBytes } from '../../../../kit/byte-words.ts';
import { ErrorNote } from '../../../../kit/error-note.tsx';
import { ServedNote } from '../served-note.tsx';
import classes from './add-many.module.css';
import { AddManyJob, type AddManyState, previewOf } from './add-many-job.ts';
import { PreviewStep } from './preview-step.tsx';
import { ReadingFields } from './reading-fields.tsx';
import { SourceStep } from './source-step.tsx';
import { names } from './words.ts';

interface Props {
  profileId: string;
  schema: string;
  disabled: boolean;
  /** They are in the table. */
  onAdded(): void;
}

/** The button that adds many names at once, and the dialog behind it. */
export function AddMany({ profileId, schema, disabled, onAdded }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="default" disabled={disabled} onClick={() => setIsOpen(true)}>
        Add many…
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        size={720}
        title="Add many names"
        closeOnClickOutside={false}
        // A dialog's header is no banner of the page.
        attributes={{ header: { role: 'presentation' } }}
        closeButtonProps={{ 'aria-label': 'Close without adding' }}
      >
        <Steps profileId={profileId} schema={schema} onAdded={onAdded} onClose={() => setIsOpen(false)} />
      </Modal>
    </>
  );
}

interface StepsProps extends Pick<Props, 'profileId' | 'schema' | 'onAdded'> {
  onClose(): void;
}

function Steps({ profileId, schema, onAdded, onClose }: StepsProps) {
  const job = useMemo(
    () => new AddManyJob({ client: { request, on }, target: { profileId, schema }, added: onAdded }),
    [profileId, schema, onAdded],
  );
  // Closing the dialog ends what is under way and forgets what was sent.
  useEffect(() => () => job.restart(), [job]);
  const state = useSyncExternalStore(job.subscribe, job.state);
  const preview = previewOf(state);
  const isReading = state.kind === 'reading';
  const showsFields = preview !== null || state.kind === 'unread' || isReading;
  return (
    <div className={classes.steps}>
      {state.kind === 'choose' && <SourceStep onTake={(source) => void job.take(source)} />}
      {showsFields && (
        <ReadingFields
          reading={job.reading}
          preview={preview}
          busy={state.kind !== 'preview' && state.kind !== 'unread'}
          onChange={(change) => void job.read(change)}
        />
      )}
      {preview !== null && <PreviewStep preview={preview} fileName={job.fileName} />}
      <Outcome state={state} schema={schema} />
      {state.kind !== 'choose' && (
        <Buttons state={state} job={job} onClose={onClose} count={preview?.count ?? 0} />
      )}
    </div>
  );
}

function Outcome({ state, schema }: { state: AddManyState; schema: string }) {
  switch (state.kind) {
    case 'choose':
    case 'preview':
    case 'unread':
      return state.error === null ? null : <ErrorNote error={state.error} />;
    case 'sending':
      return (
        <>
          <Progress value={(100 * state.sentBytes) / state.bytes} size="sm" aria-label="Reading the file" />
          <p role="status">{`Reading ${formatBytes(state.bytes)}…`}</p>
        </>
      );
    case 'reading':
      return state.preview === null ? <p role="status">Looking for names in it…</p> : null;
    case 'adding': {
      const { sent, preview } = state;
      const words =
        sent < preview.count ? `${formatCount(sent)} of ${names(preview.count)} sent` : 'Committing…';
      return (
        <>
          <Progress
            value={(100 * sent) / preview.count}
            size="sm"
            aria-label="Names sent"
            transitionDuration={0}
          />
          <p role="status">{words}</p>
        </>
      );
    }
    case 'done':
      return (
        <div role="status">
          <p>{`Added ${names(state.added)} to ${schema}.names, in one transaction.`}</p>
          <ServedNote served={state.served} />
        </div>
      );
  }
}

interface ButtonsProps {
  state: AddManyState;
  job: AddManyJob;
  count: number;
  onClose(): void;
}

function Buttons({ state, job, count, onClose }: ButtonsProps) {
  if (state.kind === 'done') {
    return (
      <div className={classes.foot}>
        <Button variant="default" onClick={() => job.restart()}>
          Add more
        </Button>
        <Button onClick={onClose}>Close</Button>
      </div>
    );
  }
  if (state.kind === 'adding' || state.kind === 'sending') {
    return (
      <div className={classes.foot}>
        <Button variant="default" onClick={() => job.cancel()}>
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.foot}>
      <Button variant="default" onClick={() => job.restart()}>
        Choose something else
      </Button>
      <Button disabled={state.kind !== 'preview' || count === 0} onClick={() => void job.add()}>
        {`Add ${names(count)}`}
      </Button>
    </div>
  );
}
