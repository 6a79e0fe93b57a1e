import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from './errors.ts';

/** Proof that this process alone uses a data folder. Freed by the kernel if the process dies. */
export interface DataFolderLock {
  /** The folder, absolute, with symbolic links resolved. */
  folder: string;
  release(): Promise<void>;
}

/**
 * Creates the folder when missing (for its owner's eyes only) and claims it. The claim is a
 * listening socket whose name comes from the folder's real path, not a file with a process id:
 * nothing is left to clean up after a crash, and no reused process id can mislead.
 * @throws EngineError `storage_failed` when the folder cannot be used or another process holds it.
 */
export async function lockDataFolder(folder: string, platform = process.platform): Promise<DataFolderLock> {
  const real = await prepareFolder(path.resolve(folder));
  const address = lockAddress(real, platform);
  const isFile = address.startsWith('/');
  let server = await listen(address);
  if (server === null && isFile && (await isStale(address))) {
    await rm(address, { force: true });
    server = await listen(address);
  }
  if (server === null) {
    throw new EngineError('storage_failed', `Poolscope is already running on the data folder ${real}.`, {
      remedy: 'Use the window that is open, quit it first, or start with another folder (--data).',
    });
  }
  const held = server;
  // The lock lives as long as the process; it must not keep the process alive.
  held.unref();
  return {
    folder: real,
    async release() {
      if (!held.listening) return;
      held.close();
      await once(held, 'close');
    },
  };
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

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'this account may not write there';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file stands in its place';
  if (code === 'ENOSPC') return 'the disk is full';
  return `the system answered ${code ?? 'an unknown error'}`;
}

/** Linux names a socket outside the file system, Windows a pipe; elsewhere it must be a short file path. */
function lockAddress(real: string, platform: NodeJS.Platform): string {
  const name = `poolscope-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`;
  if (platform === 'linux') return `\0${name}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join(tmpdir(), `${name}.sock`);
}

/** Null when someone else listens there. */
async function listen(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(address);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

/** A socket file that nobody answers was left by a crash. */
async function isStale(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ECONNREFUSED' || code === 'ENOENT';
  } finally {
    socket.destroy();
  }
}
