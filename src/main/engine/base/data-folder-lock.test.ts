import { fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';

let parent: string;
const held: DataFolderLock[] = [];

async function hold(folder: string, platform?: NodeJS.Platform): Promise<DataFolderLock> {
  const lock = await lockDataFolder(folder, platform);
  held.push(lock);
  return lock;
}

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'poolscope-lock-'));
});

afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
  await rm(parent, { recursive: true, force: true });
});

/** A process that claims the folder and then dies without a chance to clean up. */
async function crashWhileHolding(folder: string, platform: NodeJS.Platform): Promise<void> {
  const program = `
    import { lockDataFolder } from ${JSON.stringify(path.join(import.meta.dirname, 'data-folder-lock.ts'))};
    await lockDataFolder(${JSON.stringify(folder)}, ${JSON.stringify(platform)});
    process.send('held');
    setInterval(() => {}, 1000);
  `;
  const file = path.join(parent, 'holder.mts');
  await writeFile(file, program);
  const child = fork(file, { execArgv: [] });
  await once(child, 'message');
  await expect(lockDataFolder(folder, platform)).rejects.toMatchObject({ code: 'storage_failed' });
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the lock on a data folder', () => {
  it('creates the folder for its owner alone', async () => {
    const { folder } = await hold(path.join(parent, 'a', 'b'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  // darwin stands for every system whose lock is a socket file.
  for (const platform of ['linux', 'darwin'] as const) {
    describe(`as on ${platform}`, () => {
      it('refuses a second holder in words, by whatever path it comes', async () => {
        const folder = path.join(parent, 'data');
        await hold(folder, platform);
        await symlink(folder, path.join(parent, 'alias'));
        const second = lockDataFolder(path.join(parent, 'alias'), platform);
        await expect(second).rejects.toMatchObject({
          code: 'storage_failed',
          message: `Poolscope is already running on the data folder ${folder}.`,
          details: { remedy: expect.stringContaining('--data') },
        });
      });

      it('lets different folders be held at once', async () => {
        await hold(path.join(parent, 'one'), platform);
        await hold(path.join(parent, 'two'), platform);
      });

      it('is free again after release, and release may be repeated', async () => {
        const lock = await hold(path.join(parent, 'data'), platform);
        await lock.release();
        await lock.release();
        await hold(path.join(parent, 'data'), platform);
      });

      it('is free again after its holder crashed', async () => {
        const folder = path.join(parent, 'data');
        await crashWhileHolding(folder, platform);
        await hold(folder, platform);
      });
    });
  }

  describe.runIf(process.platform === 'linux')('on Linux', () => {
    it('leaves no file behind, and takes a folder with a path longer than a socket address', async () => {
      const folder = path.join(parent, 'x'.repeat(120), 'y'.repeat(120));
      const lock = await hold(folder);
      await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'storage_failed' });
      expect(await readdir(folder)).toEqual(['poolscope.lock']);
      await lock.release();
      expect(await readdir(folder)).toEqual([]);
    });

    it('does not depend on a name that any account of this machine could take', async () => {
      const folder = path.join(parent, 'data');
      const digest = createHash('sha256').update(folder).digest('hex').slice(0, 32);
      const squatter = createServer().listen(`\0poolscope-${digest}`);
      await once(squatter, 'listening');
      await hold(folder);
      squatter.close();
    });

    it('goes to one only of many that start at once after a crash', async () => {
      const folder = path.join(parent, 'data');
      await crashWhileHolding(folder, 'linux');
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => hold(folder)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(folder)).toEqual(['poolscope.lock']);
    });

    // A container has a network of its own; making one takes rights that not every account has.
    const canUnshare = spawnSync('unshare', ['--net', 'true']).status === 0;
    it.runIf(canUnshare)('is seen by a process with a network of its own', async () => {
      const folder = path.join(parent, 'data');
      await hold(folder);
      const file = path.join(parent, 'second.mts');
      await writeFile(
        file,
        `import { lockDataFolder } from ${JSON.stringify(path.join(import.meta.dirname, 'data-folder-lock.ts'))};
        await lockDataFolder(${JSON.stringify(folder)}).catch((error) => console.log(error.message));`,
      );
      const { stdout } = spawnSync('unshare', ['--net', process.execPath, file], { encoding: 'utf8' });
      expect(stdout).toBe(`Poolscope is already running on the data folder ${folder}.\n`);
    });
  });

  it('says that a file stands where the folder should be', async () => {
    await writeFile(path.join(parent, 'file'), '');
    await expect(lockDataFolder(path.join(parent, 'file'))).rejects.toMatchObject({
      message: expect.stringContaining('a file stands in its place'),
    });
    await expect(lockDataFolder(path.join(parent, 'file', 'below'))).rejects.toMatchObject({
      message: expect.stringContaining('a file stands in its place'),
    });
  });

  it('says which folder this account may not write to', async () => {
    const closed = path.join(parent, 'closed');
    await mkdir(closed, { mode: 0o500 });
    // Root may write anywhere but where the kernel itself says no.
    const folder = process.getuid?.() === 0 ? '/sys/poolscope' : closed;
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(
        /^The data folder .*(sys|closed).* cannot be used: .*(may not write|read-only)/,
      ),
    });
  });
});
