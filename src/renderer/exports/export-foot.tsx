import { Button, Progress } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { ErrorNote } from '../kit/error-note.tsx';
import classes from './export-dialog.module.css';
import type { JobState } from './export-job.ts';
import { doneInWords, expectationInWords, progressInWords, withRemedy } from './job-words.ts';

interface Props {
  job: JobState;
  /** Rows to expect; null while the form cannot be exported as it stands. */
  rows: number | null;
  connections: number;
  onCancel(): void;
  onClose(): void;
}

/** What to expect, how far it is, or how it ended; and the buttons that go with it. */
export function ExportFoot({ job, rows, connections, onCancel, onClose }: Props) {
  const running = job.kind === 'running';
  return (
    <div className={classes.foot}>
      <div className={classes.outcome}>
        <Outcome job={job} rows={rows} connections={connections} />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={running ? onCancel : onClose}>
          {running ? 'Cancel the export' : job.kind === 'done' ? 'Close' : 'Not now'}
        </Button>
        <Button type="submit" loading={running}>
          {job.kind === 'done' ? 'Export again' : 'Export'}
        </Button>
      </div>
    </div>
  );
}

function Outcome({ job, rows, connections }: Pick<Props, 'job' | 'rows' | 'connections'>) {
  switch (job.kind) {
    case 'running': {
      const share = job.expectedRows > 0 ? Math.min(100, (100 * job.rows) / job.expectedRows) : 0;
      return (
        <>
          <Progress value={share} size="sm" aria-label="Export progress" transitionDuration={0} />
          <p role="status">{progressInWords(job)}</p>
        </>
      );
    }
    case 'done':
      return (
        <p role="status" className={classes.done}>
          <CircleCheck size={14} aria-hidden />
          <span>{sentence(doneInWords(job))}</span>
        </p>
      );
    case 'failed':
      return <ErrorNote error={withRemedy(job.error)} />;
    case 'cancelled':
      return <p role="status">Cancelled. Nothing was exported.</p>;
    case 'idle':
      return <p>{rows === null ? 'Complete the fields above.' : expectationInWords(rows, connections)}</p>;
  }
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
