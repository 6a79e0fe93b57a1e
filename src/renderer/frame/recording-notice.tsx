import { TriangleAlert } from 'lucide-react';
import { useHistoryStorage, useRecordingEvents } from '../data/history-queries.ts';
import { recordingInWords, recordingWarning } from '../data/recording-words.ts';
import { formatBytes } from '../kit/byte-words.ts';
import { hashOfPlace } from '../navigation/place.ts';
import classes from './status-line.module.css';

/** A size in a corner need not be fresher; a stop of the recording is told at once. */
const refreshMs = 5 * 60_000;

/** How large the history is, or that nothing is recorded and why. Leads to the History screen. */
export function RecordingNotice() {
  useRecordingEvents();
  const storage = useHistoryStorage(refreshMs).data;
  if (storage === undefined) return null;
  const { recording, usedBytes } = storage;
  const warning = recordingWarning(recording);
  const href = hashOfPlace({ screen: 'history' });
  return (
    <span role="status" className={classes.recording} data-warning={warning !== null || undefined}>
      {warning === null ? (
        <a href={href}>History {formatBytes(usedBytes)}</a>
      ) : (
        <>
          <TriangleAlert size={13} aria-hidden />
          <a href={href} title={recordingInWords(recording)}>
            {warning}
            {recording.reason !== '' && `: ${recording.reason}`}
          </a>
        </>
      )}
    </span>
  );
}
