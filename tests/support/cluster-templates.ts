import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Where the clusters of this test run are kept to be copied; absent outside one. */
const folderVariable = 'POOLSCOPE_TEST_CLUSTERS';

/**
 * Makes room for clusters that the servers of one test run are copied from: creating one takes more
 * processor time than most test files do. The global setup of both test runners.
 * @returns what clears it away
 */
export default async function keepClusterTemplates(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-test-clusters-'));
  // As root the servers run under another account, which must be able to pass.
  await chmod(folder, 0o711);
  process.env[folderVariable] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/**
 * Fills an empty data folder with a copy of this run's cluster of that name, made by the first who asks.
 * Does nothing outside a test run and where there is no `cp`: the server then creates its own.
 * @param create makes the cluster in a folder that does not exist yet
 */
export async function copyCluster(
  name: string,
  dataFolder: string,
  create: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = process.env[folderVariable];
  if (folder === undefined || process.platform === 'win32') return;
  const template = path.join(folder, name);
  if (!existsSync(template)) {
    const own = path.join(folder, `${name}-${process.pid}`);
    await create(own);
    await rename(own, template).catch(async (error: unknown) => {
      // Another worker was quicker.
      if (!existsSync(template)) throw error;
      await rm(own, { recursive: true });
    });
  }
  // As it is, owner and all: the server may run under another account.
  await run('cp', ['-a', `${template}/.`, dataFolder]);
}
