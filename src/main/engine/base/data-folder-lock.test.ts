import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';

const lockModule = path.join(import.meta.dirname, 'data-folder-lock.ts');
let parent: string;
const held: DataFolderLock[] = [];

async function hold(folder: string): Promise<DataFolderLock> {
  const lock = await lockDataFolder(folder);
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
async function crashWhileHolding(folder: string): Promise<void> {
  const program = `
    import { lockDataFolder } from ${JSON.stringify(lockModule)};
    await lockDataFolder(${JSON.stringify(folder)});
    process.send('held');
    setInterval(() => {}, 1000);
  `;
  const file = path.join(parent, 'holder.mts');
  await writeFile(file, program);
  const child = fork(file, { execArgv: [] });
  await once(child, 'message');
  await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'storage_failed' });
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the lock on a data folder', () => {
  it('creates the folder for its owner alone', async () => {
    const { folder } = await hold(path.join(parent, 'a', 'b'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('refuses a second holder in words, by whatever path it comes', async () => {
    const folder = path.join(parent, 'data');
    await hold(folder);
    await symlink(folder, path.join(parent, 'alias'));
    await expect(lockDataFolder(path.join(parent, 'alias'))).rejects.toMatchObject({
      code: 'storage_failed',
      message: `Poolscope is already running on the data folder ${folder}.`,
      details: { remedy: expect.stringContaining('--data') },
    });
  });

  it('lets different folders be held at once', async () => {
    await hold(path.join(parent, 'one'));
    await hold(path.join(parent, 'two'));
  });

  it('is free again after release, and release may be repeated', async () => {
    const lock = await hold(path.join(parent, 'data'));
    await lock.release();
    await lock.release();
    await hold(path.join(parent, 'data'));
  });

  it('is free again after its holder crashed', async () => {
    const folder = path.join(parent, 'data');
    await crashWhileHolding(folder);
    await hold(folder);
  });

  it('goes to one only of many that start at once after a crash', async () => {
    const folder = path.join(parent, 'data');
    await crashWhileHolding(folder);
    const file = path.join(parent, 'one-of-many.mts');
    await writeFile(
      file,
      `import { lockDataFolder } from ${JSON.stringify(lockModule)};
      const outcome = await lockDataFolder(${JSON.stringify(folder)}).then(() => 'held', (error) => error.message);
      process.on('message', () => process.exit());
      process.send(outcome);`,
    );
    const starting = Array.from({ length: 6 }, () => fork(file, { execArgv: [] }));
    const outcomes = (await Promise.all(starting.map((child) => once(child, 'message')))).flat();
    for (const child of starting) child.kill();
    await Promise.all(starting.map((child) => once(child, 'exit')));
    expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1);
    expect(outcomes.filter((outcome) => String(outcome).includes('already running'))).toHaveLength(5);
  });

  it('takes a folder with a very long path, and keeps nothing in it but an empty file', async () => {
    const folder = path.join(parent, 'x'.repeat(120), 'y'.repeat(120));
    await (await hold(folder)).release();
    expect(await readdir(folder)).toEqual(['data-folder.lock']);
    expect((await stat(path.join(folder, 'data-folder.lock'))).size).toBe(0);
  });

  // A container has a network and processes of its own; making one takes rights that not every account has.
  const canUnshare = spawnSync('unshare', ['--net', '--pid', '--fork', 'true']).status === 0;
  it.runIf(canUnshare)('is seen from another container', async () => {
    const folder = path.join(parent, 'data');
    await hold(folder);
    const file = path.join(parent, 'second.mts');
    await writeFile(
      file,
      `import { lockDataFolder } from ${JSON.stringify(lockModule)};
      await lockDataFolder(${JSON.stringify(folder)}).catch((error) => console.log(error.message));`,
    );
    const second = spawnSync('unshare', ['--net', '--pid', '--fork', process.execPath, file], {
      encoding: 'utf8',
    });
    expect(second.stdout).toBe(`Poolscope is already running on the data folder ${folder}.\n`);
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
