import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, link, open, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** A claim that lasts as long as its process, or until `release`. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Listens at an address for nothing but being there; null when someone else does. The claim lives
 * as long as the process, and must not keep it alive.
 */
export async function listenAt(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(address);
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return null;
    throw error;
  }
}

export async function endListening(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

/** A socket file that nobody answers was left by a crash. */
export async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT';
  } finally {
    socket.destroy();
  }
}

/**
 * Claims a folder of Linux by a socket file in it, which whoever shares the folder can ask: other
 * accounts cannot put one there, and containers on one machine find each other by it although
 * neither knows the other's processes or network. It is bound under a name of its own and then
 * linked to the common one, which only one process can do.
 * @returns `held` when someone answers there, `unsupported` where the folder takes no sockets
 */
export async function claimBySocketIn(folder: string, name: string): Promise<Claim | 'held' | 'unsupported'> {
  const handle = await open(folder, 'r');
  // An address has room for 107 bytes; the path of the folder may be longer.
  const inside = (file: string) => `/proc/self/fd/${handle.fd}/${file}`;
  const common = inside(name);
  const own = inside(`.${name}-${randomUUID()}`);
  let server: Server | null = null;
  const giveUp = async (): Promise<void> => {
    if (server !== null) await endListening(server);
    await handle.close();
  };
  let outcome: 'ours' | 'held' | 'unsupported';
  try {
    if (await isAnswered(common)) {
      outcome = 'held';
    } else {
      server = await listenAt(own);
      // Whoever may enter the folder may ask, or a start as root that crashed would block all others.
      await chmod(own, 0o666);
      outcome = (await linkTo(own, common)) ? 'ours' : 'held';
    }
  } catch {
    // No sockets or no links on this file system.
    outcome = 'unsupported';
  }
  await rm(own, { force: true }).catch(() => {});
  if (outcome !== 'ours') {
    await giveUp();
    return outcome;
  }
  return {
    async release() {
      if (server?.listening !== true) return;
      await rm(common, { force: true });
      await giveUp();
    },
  };
}

/** False when someone holds the common name. One that was left by a crash is taken away first. */
async function linkTo(own: string, common: string): Promise<boolean> {
  for (;;) {
    try {
      await link(own, common);
      return true;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    if (await isAnswered(common)) return false;
    const left = `${own}-left`;
    await rename(common, left).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    // Another starting process may have been quicker: what was taken away is then its own.
    if (await isAnswered(left)) {
      await rename(left, common);
      return false;
    }
    await rm(left, { force: true });
  }
}
