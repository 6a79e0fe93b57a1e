import { TriangleAlert } from 'lucide-react';
import { payloadOf } from '../data/errors.ts';
import { useHistoryStorage, useRecordingEvents } from '../data/history-queries.ts';
import { recordingFails, recordingInWords } from '../data/recording-words.ts';
import { formatBytes } from '../kit/byte-words.ts';
import { hashOfPlace } from '../navigation/place.ts';
import classes from './status-line.module.css';

/** A size in a corner need not be fresher; a stop of the recording is told at once. */
const refreshMs = 5 * 60_000;

/** How large the history is, or that nothing is recorded and why. Leads to the History screen. */
export function RecordingNotice() {
  useRecordingEvents();
  const storage = useHistoryStorage(refreshMs);
  const href = hashOfPlace({ screen: 'history' });
  if (storage.data === undefined) {
    return storage.isError ? <Warning href={href} words={payloadOf(storage.error).message} /> : null;
  }
  const { recording, usedBytes } = storage.data;
  if (recordingFails(recording)) return <Warning href={href} words={recordingInWords(recording)} />;
  return (
    <span role="status" className={classes.recording}>
      <a href={href}>History {formatBytes(usedBytes)}</a>
    </span>
  );
}

function Warning({ href, words }: { href: string; words: string }) {
  return (
    <span role="status" className={classes.recording} data-warning>
      <TriangleAlert size={13} aria-hidden />
      <a href={href} title={words}>
        {words}
      </a>
    </span>
  );
}
