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

/**
 * The file of an export, made in a thread of its own while it is taken. Ending early, by the signal
 * or by the taker, ends the thread.
 */
export async function* exportStream(
  task: ExportTask,
  signal: AbortSignal,
  onProgress: (progress: Omit<ExportProgress, 'exportId' | 'expectedRows'>) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const thread = startThread(task);
  const stop = () => void thread.end();
  signal.addEventListener('abort', stop, { once: true });
  let [rows, bytes, toldMs] = [0, 0, Number.NEGATIVE_INFINITY];
  let state: ExportProgress['state'] = 'cancelled';
  try {
    for (;;) {
      const piece = signal.aborted ? null : await thread.call('next', null);
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
    await thread.end();
  }
  if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
}
