import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SaveRequest } from '#engine/ports.ts';
import { createSaveFile } from './save-dialog.ts';

const { showSaveDialog } = vi.hoisted(() => ({ showSaveDialog: vi.fn() }));
vi.mock('electron', () => ({ app: { getPath: () => '/home/ada/Downloads' }, dialog: { showSaveDialog } }));

/** Root may write anywhere, so only a disk of its own can refuse it. */
const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

describe('saving a file', () => {
  let folder: string;
  let saveFile: ReturnType<typeof createSaveFile>;
  const choose = (filePath: string) => showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath });
  const request = (content: SaveRequest['content'], signal = new AbortController().signal): SaveRequest => ({
    callerId: 'window-1',
    suggestedName: 'pool.csv',
    mimeType: 'text/csv; charset=utf-8',
    content,
    signal,
  });
  async function* twoLines() {
    yield 'time,used\r\n';
    yield '2026-11-20T23:37:33Z,3\r\n';
  }

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'poolscope-save-'));
    showSaveDialog.mockReset();
    saveFile = createSaveFile(() => undefined);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('offers the downloads folder first, and later the folder used last', async () => {
    choose(path.join(folder, 'a.csv'));
    await saveFile(request(twoLines));
    choose(path.join(folder, 'b.csv'));
    await saveFile(request(twoLines));
    const offered = showSaveDialog.mock.calls.map(([options]) => options.defaultPath);
    expect(offered).toEqual([path.join('/home/ada/Downloads', 'pool.csv'), path.join(folder, 'pool.csv')]);
  });

  it('writes everything, replacing what was there', async () => {
    const target = path.join(folder, 'pool.csv');
    await writeFile(target, 'old');
    choose(target);
    expect(await saveFile(request(twoLines))).toEqual({ kind: 'saved', path: target });
    expect(await readFile(target, 'utf8')).toBe('time,used\r\n2026-11-20T23:37:33Z,3\r\n');
    expect(await readdir(folder)).toEqual(['pool.csv']);
  });

  it('does nothing when the dialog is dismissed', async () => {
    const content = vi.fn(twoLines);
    showSaveDialog.mockResolvedValueOnce({ canceled: true, filePath: '' });
    expect(await saveFile(request(content))).toEqual({ kind: 'cancelled' });
    expect(content).not.toHaveBeenCalled();
  });

  it('leaves the old file and no other when the content fails half-way', async () => {
    const target = path.join(folder, 'pool.csv');
    await writeFile(target, 'old');
    choose(target);
    const failing = async function* () {
      yield 'time,used\r\n';
      throw new Error('history went away');
    };
    await expect(saveFile(request(failing))).rejects.toThrow('history went away');
    expect(await readFile(target, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['pool.csv']);
  });

  it('leaves nothing when it is cancelled half-way', async () => {
    const controller = new AbortController();
    choose(path.join(folder, 'pool.csv'));
    const endless = async function* () {
      for (;;) {
        yield 'line\r\n';
        controller.abort();
      }
    };
    await expect(saveFile(request(endless, controller.signal))).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says in words that the folder does not exist', async () => {
    const target = path.join(folder, 'gone', 'pool.csv');
    choose(target);
    await expect(saveFile(request(twoLines))).rejects.toMatchObject({
      code: 'storage_failed',
      message: `${target} could not be saved: its folder does not exist.`,
      details: { remedy: 'Choose another place and export again.' },
    });
  });

  it('says in words that a folder of that name is in the way', async () => {
    const target = path.join(folder, 'pool.csv');
    await mkdir(target);
    choose(target);
    await expect(saveFile(request(twoLines))).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await readdir(folder)).toEqual(['pool.csv']);
  });

  it.runIf(mayMount).each([
    ['full', 'size=64k', 'the disk is full'],
    ['read-only', 'ro', 'the file system is read-only'],
  ])('on a disk that is %s says so in words, and leaves nothing', async (_what, option, reason) => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    expect(String(spawnSync('mount', ['-t', 'tmpfs', '-o', option, 'poolscope-test', disk]).stderr)).toBe('');
    try {
      const target = path.join(disk, 'pool.csv');
      choose(target);
      async function* large() {
        for (let i = 0; i < 8; i += 1) yield new Uint8Array(32_768);
      }
      await expect(saveFile(request(large))).rejects.toMatchObject({
        code: 'storage_failed',
        message: `${target} could not be saved: ${reason}.`,
      });
      expect(await readdir(disk)).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});
