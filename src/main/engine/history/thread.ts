import { parentPort, workerData } from 'node:worker_threads';
import { serveCalls, type ThreadHandlers, type ThreadReply } from '../base/thread-calls.ts';
import { type ImportedBundle, importBundle } from './bundle/import-bundle.ts';
import { createReader, type ReaderCalls } from './database/reader.ts';
import { createWriter, type WriterCalls } from './database/writer.ts';

/** What a history thread is for; given to it as it starts. */
export type ThreadRole = { role: 'writer' } | { role: 'reader'; file: string } | { role: 'importer' };

export type ImporterCalls = {
  import: { input: { path: string; databaseFile: string }; answer: ImportedBundle };
};

if (parentPort === null) throw new Error('This program runs as a thread.');
const port = parentPort;
const task = workerData as ThreadRole;
const tell = (name: string, payload: unknown) =>
  port.postMessage({ kind: 'event', name, payload } satisfies ThreadReply);
const importer: ThreadHandlers<ImporterCalls> = {
  import: ({ path, databaseFile }) => importBundle(path, databaseFile),
};

if (task.role === 'writer') serveCalls<WriterCalls>(port, createWriter(tell));
else if (task.role === 'reader') serveCalls<ReaderCalls>(port, createReader(task.file));
else serveCalls<ImporterCalls>(port, importer);
