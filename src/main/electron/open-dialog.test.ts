import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenRequest } from '#engine/ports.ts';
import { createOpenFile } from './open-dialog.ts';

const { showOpenDialog } = vi.hoisted(() => ({ showOpenDialog: vi.fn() }));
vi.mock('electron', () => ({ app: { getPath: () => '/home/ada/Downloads' }, dialog: { showOpenDialog } }));

describe('opening a file', () => {
  let folder: string;
  let openFile: ReturnType<typeof createOpenFile>;
  const receive = vi.fn(async (file: { path: string; fileName: string }) => `got ${file.fileName}`);
  const choose = (...filePaths: string[]) =>
    showOpenDialog.mockResolvedValueOnce({ canceled: filePaths.length === 0, filePaths });
  const request = (changes: Partial<OpenRequest<string>> = {}): OpenRequest<string> => ({
    callerId: 'window-1',
    title: 'Open an incident bundle',
    kind: { name: 'Incident bundle of Poolscope', extension: 'poolscope' },
    maxBytes: 2 ** 20,
    signal: new AbortController().signal,
    receive,
    ...changes,
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'poolscope-open-'));
    showOpenDialog.mockReset();
    receive.mockClear();
    openFile = createOpenFile(() => undefined);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('hands on what was chosen, and looks there first the next time', async () => {
    const file = path.join(folder, 'night.poolscope');
    await writeFile(file, 'x');
    choose(file);
    expect(await openFile(request())).toEqual({ kind: 'opened', value: 'got night.poolscope' });
    expect(receive.mock.calls[0]?.[0]).toEqual({ path: file, fileName: 'night.poolscope' });
    choose();
    expect(await openFile(request())).toEqual({ kind: 'cancelled' });
    const offered = showOpenDialog.mock.calls.map(([options]) => options.defaultPath);
    expect(offered).toEqual(['/home/ada/Downloads', folder]);
  });

  it('does not read a file that is too large, a folder, or what is gone', async () => {
    const file = path.join(folder, 'night.poolscope');
    await writeFile(file, 'xxxx');
    choose(file);
    await expect(openFile(request({ maxBytes: 3 }))).rejects.toMatchObject({ code: 'bad_input' });
    choose(folder);
    await expect(openFile(request())).rejects.toMatchObject({ code: 'bad_input' });
    choose(path.join(folder, 'gone.poolscope'));
    await expect(openFile(request())).rejects.toMatchObject({ code: 'storage_failed' });
    expect(receive).not.toHaveBeenCalled();
  });

  it('does nothing when the request was cancelled meanwhile', async () => {
    choose(path.join(folder, 'night.poolscope'));
    expect(await openFile(request({ signal: AbortSignal.abort() }))).toEqual({ kind: 'cancelled' });
  });
});
