import { stat } from 'node:fs/promises';
import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { EngineError } from '#engine/base/errors.ts';
import type { EnginePorts, OpenOutcome, OpenRequest } from '#engine/ports.ts';

/** The `openFile` port: asks which, in a dialog on the caller's window, and hands its path on. */
export function createOpenFile(
  windowOf: (callerId: string) => BrowserWindow | undefined,
): EnginePorts['openFile'] {
  // The next dialog of this run opens where the last one ended.
  let folder: string | null = null;
  return async <T>(request: OpenRequest<T>): Promise<OpenOutcome<T>> => {
    const { kind } = request;
    const options: Electron.OpenDialogOptions = {
      title: request.title,
      defaultPath: folder ?? app.getPath('downloads'),
      properties: ['openFile'],
      filters: [{ name: kind.name, extensions: [kind.extension] }],
    };
    const window = windowOf(request.callerId);
    const choice = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    const [chosen] = choice.filePaths;
    if (choice.canceled || chosen === undefined || request.signal.aborted) return { kind: 'cancelled' };
    folder = path.dirname(chosen);
    await checkSize(chosen, request.maxBytes);
    const file = { path: chosen, fileName: path.basename(chosen) };
    return { kind: 'opened', value: await request.receive(file, request.signal) };
  };
}

/** @throws EngineError in words when the file cannot be read or is too large */
async function checkSize(file: string, maxBytes: number): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new EngineError(
      'storage_failed',
      `${file} cannot be read.`,
      { remedy: 'Choose another file.' },
      { cause },
    );
  });
  if (!found.isFile())
    throw new EngineError('bad_input', `${file} is not a file.`, { remedy: 'Choose a file.' });
  if (found.size <= maxBytes) return;
  const mebibytes = Math.floor(maxBytes / 2 ** 20);
  throw new EngineError(
    'bad_input',
    `${path.basename(file)} is larger than ${mebibytes} MiB, the most that is opened.`,
  );
}
