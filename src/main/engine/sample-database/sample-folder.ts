import { createHash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isReachable, serverAccount } from './unprivileged.ts';

/** Where a root's sample database goes when its data folder lies behind a closed one such as /root. */
const systemFolder = '/var/lib/poolscope';

/**
 * The folder of everything the sample database keeps: `sample-database` in the data folder. Root runs
 * the server under another account; where that cannot pass a folder above the data folder, the sample
 * database moves out to a folder named after the data folder.
 * @throws EngineError `sample_database_failed` when root has no account to run it under.
 */
export async function sampleFolderOf(dataFolder: string, outside = systemFolder): Promise<string> {
  const account = await serverAccount();
  if (await isReachable(dataFolder, account)) return path.join(dataFolder, 'sample-database');
  return path.join(outside, createHash('sha256').update(dataFolder).digest('hex').slice(0, 16));
}

/** Creates that folder. For another account the data folder then lets others pass, but not look. */
export async function openSampleFolder(dataFolder: string, outside = systemFolder): Promise<string> {
  const folder = await sampleFolderOf(dataFolder, outside);
  const isOurs = (await serverAccount()).uid === undefined;
  if (!isOurs) await chmod(dataFolder, 0o711);
  await mkdir(folder, { recursive: true, mode: isOurs ? 0o700 : 0o711 });
  return folder;
}
