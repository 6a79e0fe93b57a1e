import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { app, type BrowserWindow, dialog } from 'electron';
import { EngineError } from '#engine/base/errors.ts';
import { reasonOf } from '#engine/base/system-errors.ts';
import type { EnginePorts, SaveRequest } from '#engine/ports.ts';

const fileKinds: Record<string, { name: string; extensions: string[] }> = {
  'text/csv': { name: 'CSV (comma-separated values)', extensions: ['csv'] },
};

/** The `saveFile` port: asks where, in a dialog on the caller's window, and writes there. */
export function createSaveFile(
  windowOf: (callerId: string) => BrowserWindow | undefined,
): EnginePorts['saveFile'] {
  // The next dialog of this run opens where the last one ended.
  let folder: string | null = null;
  return async (request) => {
    const kind = fileKinds[request.mimeType.split(';')[0] ?? ''];
    const options = {
      title: 'Export',
      defaultPath: path.join(folder ?? app.getPath('downloads'), request.suggestedName),
      ...(kind && { filters: [kind] }),
    };
    const window = windowOf(request.callerId);
    const choice = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
    if (choice.canceled || choice.filePath === '' || request.signal.aborted) return { kind: 'cancelled' };
    folder = path.dirname(choice.filePath);
    await writeWhole(choice.filePath, request);
    return { kind: 'saved', path: choice.filePath };
  };
}

/**
 * Writes beside the target and renames at the end, so that a failure half-way leaves neither half a
 * file nor the old one spoilt.
 * @throws EngineError `storage_failed`, or what the content or the signal threw
 */
async function writeWhole(target: string, request: Pick<SaveRequest, 'content' | 'signal'>): Promise<void> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.part`);
  try {
    await pipeline(Readable.from(request.content()), createWriteStream(temporary, { flags: 'wx' }), {
      signal: request.signal,
    });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw isFileError(error) ? storageFailed(target, error) : error;
  }
}

const fileCalls = ['open', 'write', 'close', 'rename'];

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && fileCalls.includes(String(error.syscall));

function storageFailed(target: string, error: NodeJS.ErrnoException): EngineError {
  const remedy = 'Choose another place and export again.';
  return new EngineError(
    'storage_failed',
    `${target} could not be saved: ${reasonOf(error)}.`,
    { remedy },
    { cause: error },
  );
}
