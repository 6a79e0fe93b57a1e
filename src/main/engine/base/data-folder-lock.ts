import { createHash } from 'node:crypto';
import { access, constants, mkdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from './errors.ts';
import { type Claim, claimBySocketIn, endListening, isAnswered, listenAt } from './folder-socket.ts';
import { reasonOf } from './system-errors.ts';

/** Proof that this process alone uses a data folder. Freed by the kernel if the process dies. */
export interface DataFolderLock {
  /** The folder, absolute, with symbolic links resolved. */
  folder: string;
  release(): Promise<void>;
}

/**
 * Creates the folder when missing (for its owner's eyes only) and claims it. The claim is a
 * listening socket, not a file with a process id: it ends with its process, and no reused process
 * id can mislead. On Linux the socket lies in the folder. Elsewhere, and where the folder takes no
 * sockets, its name comes from the folder's real path; such a name is known to this machine, or to
 * this container, alone.
 * @throws EngineError `storage_failed` when the folder cannot be used or another process holds it.
 */
export async function lockDataFolder(folder: string, platform = process.platform): Promise<DataFolderLock> {
  const real = await prepareFolder(path.resolve(folder));
  const inside = platform === 'linux' ? await claimBySocketIn(real, 'poolscope.lock') : 'unsupported';
  const claim = inside === 'unsupported' ? await claimByName(lockAddress(real, platform)) : inside;
  if (claim !== 'held') return { folder: real, release: () => claim.release() };
  throw new EngineError('storage_failed', `Poolscope is already running on the data folder ${real}.`, {
    remedy: 'Use the window that is open, quit it first, or start with another folder (--data).',
  });
}

async function claimByName(address: string): Promise<Claim | 'held'> {
  let server = await listenAt(address);
  if (server === null && address.startsWith('/') && !(await isAnswered(address))) {
    await rm(address, { force: true });
    server = await listenAt(address);
  }
  if (server === null) return 'held';
  const held = server;
  return { release: () => endListening(held) };
}

async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(folder);
  } catch (error) {
    throw new EngineError(
      'storage_failed',
      `The data folder ${folder} cannot be used: ${reasonOf(error)}.`,
      { remedy: 'Make it writable, or start with another folder (--data).' },
      { cause: error },
    );
  }
}

/** Linux names a socket outside the file system, Windows a pipe; elsewhere it must be a short file path. */
function lockAddress(real: string, platform: NodeJS.Platform): string {
  const name = `poolscope-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`;
  if (platform === 'linux') return `\0${name}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join(tmpdir(), `${name}.sock`);
}
