import { availableParallelism } from 'node:os';
import type { ExportProgress } from '#shared/contract/exporter.ts';
import { EngineError } from '../base/errors.ts';
import { ThreadHost, threadProgram } from '../base/thread-host.ts';
import type { ExportTask } from './export-task.ts';
import type { ExportCalls } from './thread.ts';

const program = threadProgram(import.meta.url, './thread.ts', './export-thread.js');

const startThread = (task: ExportTask) => new ThreadHost<ExportCalls>(program, task);

/** Whether there is anything to write, and about how many rows. */
export async function inspect(
  task: ExportTask,
  signal: AbortSignal,
): Promise<ExportCalls['begin']['answer']> {
  const thread = startThread(task);
  try {
    return await thread.call('begin', null, { signal });
  } finally {
    await thread.end();
  }
}

const progressEveryMs = 250;

/** With less on disk than this a second thread takes longer to start than it saves. */
const sharedSpanMs = 24 * 60 * 60_000;

/** How much of the disk a task asks for, at most. */
const onDiskMs = ({ profiles, fromMs, toMs }: ExportTask): number =>
  profiles.reduce((sum, { splitMs, recorded = { fromMs, toMs } }) => {
    if (recorded === null) return sum;
    return sum + Math.max(0, Math.min(toMs, splitMs, recorded.toMs) - Math.max(fromMs, recorded.fromMs));
  }, 0);

/**
 * Two threads make the hours of a long table of samples by turns. A Parquet file ends in a table of its
 * parts, and buckets may be longer than an hour: one thread makes those, as it makes a bundle.
 */
function sharesOf(task: ExportTask): ExportTask[] {
  const { output } = task;
  const isLong = onDiskMs(task) >= sharedSpanMs;
  const isShared =
    output.kind === 'table' && output.resolution.kind === 'raw' && output.format !== 'parquet' && isLong;
  if (!isShared || availableParallelism() < 2) return [task];
  return [0, 1].map((index) => ({ ...task, share: { index, of: 2 } }));
}

/**
 * The file of an export, made in threads of its own while it is taken. Ending early, by the signal
 * or by the taker, ends the threads.
 */
export async function* exportStream(
  task: ExportTask,
  signal: AbortSignal,
  onProgress: (progress: Omit<ExportProgress, 'exportId' | 'expectedRows'>) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const threads = sharesOf(task).map(startThread);
  const end = () => Promise.all(threads.map((thread) => thread.end()));
  const stop = () => void end();
  signal.addEventListener('abort', stop, { once: true });
  let [rows, bytes, toldMs] = [0, 0, Number.NEGATIVE_INFINITY];
  let state: ExportProgress['state'] = 'cancelled';
  try {
    for (let turn = 0; ; turn += 1) {
      const thread = threads[turn % threads.length] as (typeof threads)[number];
      const piece = signal.aborted ? null : await thread.call('next', null);
      // Whoever has no more comes before those that would have the next.
      if (piece === null) break;
      rows += piece.rows;
      bytes += piece.bytes.length;
      if (performance.now() - toldMs >= progressEveryMs) {
        toldMs = performance.now();
        onProgress({ state: 'running', rows, bytes });
      }
      if (piece.bytes.length > 0) yield piece.bytes;
    }
    if (!signal.aborted) state = 'done';
  } catch (error) {
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
    state = 'failed';
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    onProgress({ state, rows, bytes });
    await end();
  }
  if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
}
