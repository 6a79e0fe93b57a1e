import { Button, Progress } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';
import { noValue } from '../../charts/formats.ts';
import { recordingFails, recordingInWords } from '../../data/recording-words.ts';
import { formatBytes } from '../../kit/byte-words.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { formatStampWithZone } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import classes from './history-screen.module.css';
import { compaction, useRefreshAfterCompaction } from './the-compaction.ts';

/** Whether it records, what it takes up and will, and where. */
export function StoragePanel({ storage }: { storage: HistoryStorage }) {
  const { recording, usedBytes, freeBytes, bytesPerDay, projectedBytes, oldestAtMs, file, retention } =
    storage;
  const zone = useZone();
  return (
    <Panel title="Storage" actions={<CompactButton freeBytes={freeBytes} />}>
      <p role="status" className={classes.recording} data-warning={recordingFails(recording) || undefined}>
        {recordingFails(recording) && <TriangleAlert size={14} aria-hidden />}
        {recordingInWords(recording)}
      </p>
      <dl className={classes.tiles}>
        <Tile
          label="Used"
          value={formatBytes(usedBytes)}
          note={`${formatBytes(freeBytes)} of it free to reuse`}
        />
        <Tile
          label="Will come to"
          value={bytesPerDay > 0 ? `about ${formatBytes(projectedBytes)}` : noValue}
          note={`seconds for ${retention.rawDays} d, minutes for ${retention.rollupDays} d`}
        />
        <Tile
          label="A day adds"
          value={bytesPerDay > 0 ? formatBytes(bytesPerDay) : noValue}
          note="by the last day recorded"
        />
        <Tile
          label="Oldest sample"
          value={oldestAtMs === null ? noValue : <RelativeTime atMs={oldestAtMs} />}
          note={oldestAtMs === null ? 'nothing recorded yet' : formatStampWithZone(oldestAtMs, zone)}
        />
      </dl>
      <div className={classes.storageFoot}>
        <p className={classes.dim}>
          Kept in <code className={classes.file}>{file}</code>
        </p>
        <div className={classes.outcome}>
          <CompactOutcome />
        </div>
      </div>
    </Panel>
  );
}

function Tile({ label, value, note }: { label: string; value: ReactNode; note: string }) {
  return (
    <div className={classes.tile}>
      <dt>{label}</dt>
      <dd className={classes.value}>{value}</dd>
      <dd className={classes.note}>{note}</dd>
    </div>
  );
}

function CompactButton({ freeBytes }: { freeBytes: number }) {
  useRefreshAfterCompaction();
  const { kind } = useSyncExternalStore(compaction.subscribe, compaction.state);
  if (kind === 'running') {
    return (
      <Button variant="default" onClick={() => compaction.cancel()}>
        Cancel compacting
      </Button>
    );
  }
  return (
    <Button
      variant="default"
      disabled={freeBytes === 0}
      title={
        freeBytes === 0 ? 'The file has no free room to give back' : 'Rewrites the file without its free room'
      }
      onClick={() => void compaction.start()}
    >
      {freeBytes === 0 ? 'Compact' : `Compact: give back ${formatBytes(freeBytes)}`}
    </Button>
  );
}

function CompactOutcome() {
  const state = useSyncExternalStore(compaction.subscribe, compaction.state);
  switch (state.kind) {
    case 'idle':
      return null;
    case 'running': {
      const { doneBytes, totalBytes } = state;
      return (
        <div>
          <Progress
            value={totalBytes > 0 ? Math.min(100, (100 * doneBytes) / totalBytes) : 0}
            size="sm"
            aria-label="Compacting"
            transitionDuration={0}
          />
          <p role="status">
            Compacting{totalBytes > 0 ? `: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}` : '…'}
          </p>
        </div>
      );
    }
    case 'done':
      return (
        <p role="status">
          Compacted from {formatBytes(state.beforeBytes)} to {formatBytes(state.afterBytes)}.
        </p>
      );
    case 'failed':
      return <ErrorNote error={state.error} />;
    case 'cancelled':
      return <p role="status">Compacting was cancelled; what was given back until then stays given back.</p>;
  }
}
