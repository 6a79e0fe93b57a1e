import { ThreadHost, threadProgram } from '../../base/thread-host.ts';
import type { ReaderCalls } from '../database/reader.ts';
import type { WriterCalls } from '../database/writer.ts';
import type { ImporterCalls, ThreadRole } from '../thread.ts';

const program = threadProgram(import.meta.url, '../thread.ts', './history-thread.js');

export type WriterThread = ThreadHost<WriterCalls>;

export function startWriterThread(onEvent: (name: string, payload: unknown) => void): WriterThread {
  return new ThreadHost<WriterCalls>(program, { role: 'writer' } satisfies ThreadRole, onEvent);
}

export function startReaderThread(file: string): ThreadHost<ReaderCalls> {
  return new ThreadHost<ReaderCalls>(program, { role: 'reader', file } satisfies ThreadRole);
}

export function startImporterThread(): ThreadHost<ImporterCalls> {
  return new ThreadHost<ImporterCalls>(program, { role: 'importer' } satisfies ThreadRole);
}
