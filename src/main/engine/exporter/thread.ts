import { parentPort, workerData } from 'node:worker_threads';
import { Moved, serveCalls } from '../base/thread-calls.ts';
import { openExportReader } from '../history/index.ts';
import type { ExportPiece, ExportTask, TimeSpan } from './export-task.ts';
import { joined } from './text-bytes.ts';
import { checkCanBeOpened, writeBundle } from './write-bundle.ts';
import { expectedRows, writeTable } from './write-table.ts';

/** An export, asked for piece by piece, so that it is made no faster than it is taken. */
export type ExportCalls = {
  /**
   * `isEmpty` when there is not one row; `recorded` as the profiles of the task have it.
   * @throws when a bundle would be too large to be opened again
   */
  begin: {
    input: null;
    answer: { isEmpty: boolean; expectedRows: number; recorded: (TimeSpan | null)[] };
  };
  /** Null after the last. */
  next: { input: null; answer: ExportPiece | null };
};

/** A bundle is told by its first piece; others may be packed tighter by no more than this. */
const guessSlack = 2;

/** Pieces smaller than this travel together. */
const pieceBytes = 256 * 1024;

if (parentPort === null) throw new Error('This program runs as a thread.');
const task = workerData as ExportTask;
const reader = task.historyFile === null ? null : openExportReader(task.historyFile);
const { output } = task;
const pieces =
  output.kind === 'bundle' ? writeBundle(reader, task, output) : writeTable(reader, task, output);

/** The next piece, or why there is none, as far as it was made already. */
let ahead: { piece: ExportPiece | null } | { error: unknown } | undefined;

function makeAhead(): void {
  try {
    ahead ??= { piece: nextPiece() };
  } catch (error) {
    // For the one who asks; thrown here it would end the thread, and its words would be lost.
    ahead = { error };
  }
}

function pieceAhead(): ExportPiece | null {
  makeAhead();
  if (ahead === undefined || 'error' in ahead) throw ahead?.error;
  return ahead.piece;
}

function nextPiece(): ExportPiece | null {
  const parts: Uint8Array[] = [];
  let [bytes, rows] = [0, 0];
  // An hour of a shared table travels alone: the taker counts them.
  while (bytes < pieceBytes && (task.share === undefined || parts.length === 0)) {
    const step = pieces.next();
    if (step.done === true) break;
    parts.push(step.value.bytes);
    bytes += step.value.bytes.length;
    rows += step.value.rows;
  }
  if (parts.length === 0) return null;
  return { bytes: joined(parts), rows };
}

serveCalls<ExportCalls>(parentPort, {
  begin() {
    const first = pieceAhead();
    const rows = expectedRows(reader, task);
    if (output.kind === 'bundle' && first !== null && first.rows > 0) {
      const packedBytes = ((first.bytes.length / first.rows) * rows) / guessSlack;
      checkCanBeOpened({ samples: rows, packedBytes });
    }
    const recorded = task.profiles.map(({ profileId }) => reader?.recorded(profileId) ?? null);
    return { isEmpty: (first?.rows ?? 0) === 0, expectedRows: rows, recorded };
  },
  next() {
    const piece = pieceAhead();
    ahead = undefined;
    if (piece === null) {
      reader?.close();
      return null;
    }
    // While this piece is written, the next is made.
    setImmediate(makeAhead);
    const own =
      piece.bytes.buffer.byteLength === piece.bytes.length ? piece.bytes : new Uint8Array(piece.bytes);
    return new Moved({ bytes: own, rows: piece.rows }, [own.buffer as ArrayBuffer]);
  },
});
