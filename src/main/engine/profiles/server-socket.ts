import net from 'node:net';
import tls from 'node:tls';
import { EngineError, throwIfCancelled } from '../base/errors.ts';

/** How long one step may take, and who may end it sooner. */
export interface Limits {
  signal: AbortSignal;
  timeoutMs: number;
}

export const isUnixSocket = (host: string): boolean => host.startsWith('/');

/** Where libpq and the server agree to meet within a folder. */
export const unixSocketPath = (folder: string, port: number): string => `${folder}/.s.PGSQL.${port}`;

/**
 * Waits for one thing to happen on a socket. If it fails, closes, takes too long or is cancelled,
 * the socket is destroyed and the promise rejects.
 */
async function awaitOn<T>(
  socket: net.Socket,
  { signal, timeoutMs }: Limits,
  doing: string,
  subscribe: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onClose = () => reject(new Error('Connection terminated unexpectedly'));
  const onCancel = () => reject(new EngineError('cancelled', 'Cancelled.'));
  const timer = setTimeout(() => {
    const remedy = 'Check the host and the port, and that no firewall drops the connection.';
    reject(
      new EngineError('connect_timeout', `${doing} took longer than ${timeoutMs / 1000} s.`, { remedy }),
    );
  }, timeoutMs);
  socket.once('error', reject);
  socket.once('close', onClose);
  signal.addEventListener('abort', onCancel, { once: true });
  const unsubscribe = subscribe(resolve, reject);
  if (signal.aborted) onCancel();
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    unsubscribe();
    socket.off('error', reject);
    socket.off('close', onClose);
    signal.removeEventListener('abort', onCancel);
  }
}

/** Opens a socket to the server. `lookup` supplies addresses that are known already. */
export async function openSocket(
  target: { host: string; port: number; lookup?: net.LookupFunction },
  limits: Limits,
): Promise<net.Socket> {
  throwIfCancelled(limits.signal);
  const { host, port, lookup } = target;
  const socket = net.connect(
    isUnixSocket(host)
      ? { path: unixSocketPath(host, port) }
      : { host, port, autoSelectFamily: true, ...(lookup === undefined ? {} : { lookup }) },
  );
  // One that breaks between two steps is noticed by the next; without a listener it would end the process.
  socket.on('error', () => {});
  return await awaitOn(socket, limits, 'Reaching the server', (resolve) => {
    const onConnect = () => resolve(socket);
    socket.once('connect', onConnect);
    return () => socket.off('connect', onConnect);
  });
}

/** Length 8, then the number that stands for SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** The answer to SSLRequest. `unknown` comes from a server that fails before it can read. */
export type TlsAnswer = 'offered' | 'declined' | 'unknown';

/** Asks the server whether it takes TLS on this socket. Must be the first thing said on it. */
export async function askForTls(socket: net.Socket, limits: Limits): Promise<TlsAnswer> {
  return await awaitOn(socket, limits, 'The answer about TLS', (resolve) => {
    const onData = (answer: Buffer) => {
      // Anything after the one byte was slipped in by somebody who is not the server.
      if (answer.length !== 1) resolve('unknown');
      else resolve(answer[0] === 0x53 ? 'offered' : answer[0] === 0x4e ? 'declined' : 'unknown');
    };
    socket.once('data', onData);
    socket.write(sslRequest);
    return () => socket.off('data', onData);
  });
}

/** Shakes hands over a socket on which TLS was offered. */
export async function startTls(
  socket: net.Socket,
  options: tls.ConnectionOptions,
  limits: Limits,
): Promise<tls.TLSSocket> {
  const secure = tls.connect({ ...options, socket });
  secure.on('error', () => {});
  try {
    return await awaitOn(secure, limits, 'The TLS handshake', (resolve) => {
      const onSecure = () => resolve(secure);
      secure.once('secureConnect', onSecure);
      return () => secure.off('secureConnect', onSecure);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
