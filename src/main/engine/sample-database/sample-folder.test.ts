import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSampleFolder } from './sample-folder.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'poolscope-folder-'));
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the folder of the sample database', () => {
  it('lies in the data folder, which stays closed to the eyes of others', async () => {
    await chmod(parent, 0o755);
    const dataFolder = path.join(parent, 'data');
    await mkdir(dataFolder, { mode: 0o700 });
    expect(await openSampleFolder(dataFolder)).toBe(path.join(dataFolder, 'sample-database'));
    expect((await stat(dataFolder)).mode & 0o066).toBe(0);
  });

  it.runIf(process.getuid?.() === 0)(
    "moves out for root when the server's account cannot pass a folder above, to the same place each time",
    async () => {
      const dataFolder = path.join(parent, 'data');
      await mkdir(dataFolder);
      const outside = path.join(parent, 'outside');
      const folder = await openSampleFolder(dataFolder, outside);
      expect(path.dirname(folder)).toBe(outside);
      expect(await openSampleFolder(dataFolder, outside)).toBe(folder);
    },
  );
});
