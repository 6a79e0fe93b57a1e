import { access, chmod, constants, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { EngineError } from './errors.ts';
import { reasonOf } from './system-errors.ts';

/** Proof that this process alone uses a data folder. Freed by the kernel if the process dies. */
export interface DataFolderLock {
  /** The folder, absolute, with symbolic links resolved. */
  folder: string;
  release(): Promise<void>;
}

/** Two that start at once may turn each other away for a moment; one of them must get through. */
const patienceMs = 250;

/**
 * Creates the folder when missing (for its owner's eyes only) and claims it: by SQLite's exclusive
 * lock on a file in it, which is the system's own lock on that file. It ends with its process on
 * every system, no reused process id can mislead, and containers that share the folder see it.
 * The file itself stays behind, empty.
 * @throws EngineError `storage_failed` when the folder cannot be used or another process holds it.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  const real = await prepareFolder(path.resolve(folder));
  const claim = await lockFile(path.join(real, 'data-folder.lock'), real);
  return { folder: real, release: async () => void claim.close() };
}

async function lockFile(file: string, folder: string): Promise<Sqlite.Database> {
  let claim: Sqlite.Database | null = null;
  try {
    claim = new Sqlite(file, { timeout: patienceMs });
    // A start as root must not leave a file behind that blocks its owner. It holds nothing.
    await chmod(file, 0o666).catch(() => {});
    claim.exec('BEGIN EXCLUSIVE');
    return claim;
  } catch (error) {
    claim?.close();
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') {
      throw new EngineError('storage_failed', `Poolscope is already running on the data folder ${folder}.`, {
        remedy: 'Use the window that is open, quit it first, or start with another folder (--data).',
      });
    }
    throw unusable(folder, error);
  }
}

async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
}

const unusable = (folder: string, error: unknown) =>
  new EngineError(
    'storage_failed',
    `The data folder ${folder} cannot be used: ${reasonOf(error)}.`,
    { remedy: 'Make it writable, or start with another folder (--data).' },
    { cause: error },
  );
