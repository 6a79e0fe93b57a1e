import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OpenBundle } from '#shared/contract/history-bundle.ts';
import { EngineError } from '../../base/errors.ts';
import { foldedRangeOf } from '../database/reader.ts';
import type { HistorySource } from '../history-store.ts';
import { ReaderThread } from '../store/reader-thread.ts';
import { startImporterThread } from '../store/threads.ts';

interface Shelved extends HistorySource {
  close(): Promise<void>;
}

/**
 * Incident bundles that are open, each as a database of its own in a folder of ours, so that the
 * same queries read it as read this machine's history. Nothing of them outlives the run.
 */
export class BundleShelf {
  readonly #folder: string;
  readonly #bundles = new Map<string, Shelved>();
  readonly #imports = new Set<Promise<unknown>>();

  constructor(dataFolder: string) {
    this.#folder = path.join(dataFolder, 'open-bundles');
  }

  /** @throws BundleError, `storage_failed`, `cancelled` */
  open(file: { path: string; fileName: string }, signal: AbortSignal): Promise<OpenBundle> {
    const importing = this.#open(file, signal);
    const settled = importing.catch(() => {}).finally(() => this.#imports.delete(settled));
    this.#imports.add(settled);
    return importing;
  }

  async #open(file: { path: string; fileName: string }, signal: AbortSignal): Promise<OpenBundle> {
    const bundleId = randomUUID();
    const folder = path.join(this.#folder, bundleId);
    const databaseFile = path.join(folder, 'history.db');
    await mkdir(folder, { recursive: true });
    const importer = startImporterThread();
    const cancel = () => void importer.end();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const contents = await importer.call('import', { path: file.path, databaseFile }, { signal });
      this.#bundles.set(bundleId, shelved(databaseFile, folder));
      return { bundleId, fileName: file.fileName, ...contents };
    } catch (error) {
      await importer.end();
      await rm(folder, { recursive: true, force: true });
      if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
      throw error instanceof EngineError ? error : unreadable(file.fileName, error);
    } finally {
      signal.removeEventListener('abort', cancel);
      await importer.end();
    }
  }

  /** @throws EngineError `not_found` */
  get(bundleId: string): HistorySource {
    const bundle = this.#bundles.get(bundleId);
    if (bundle !== undefined) return bundle;
    throw new EngineError('not_found', 'That incident bundle is not open any more.', {
      remedy: 'Open it again.',
    });
  }

  async close(bundleId: string): Promise<void> {
    const bundle = this.#bundles.get(bundleId);
    this.#bundles.delete(bundleId);
    await bundle?.close();
  }

  /** Also clears away what a run that crashed left behind. */
  async closeAll(): Promise<void> {
    await Promise.all(this.#imports);
    await Promise.all([...this.#bundles.keys()].map((bundleId) => this.close(bundleId)));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function shelved(databaseFile: string, folder: string): Shelved {
  const reader = new ReaderThread(databaseFile);
  return {
    range: async (query) => foldedRangeOf(await reader.call('range', query)),
    events: (query) => reader.call('events', query),
    async close() {
      await reader.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function unreadable(fileName: string, error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError(
    'storage_failed',
    `${fileName} could not be opened: ${reason}.`,
    {},
    { cause: error },
  );
}
