import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Connect } from '../../src/renderer/bridge/socket-bridge.ts';

/** Goes through the front door as a browser does and returns the cookie it got. */
export async function signIn(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`No cookie came with status ${response.status}.`);
  return cookie;
}

/** How a page at that origin connects, once signed in. */
export function pageConnect(origin: string, cookie: string): Connect {
  return (listener) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { headers: { cookie }, origin });
    socket.on('open', () => listener.onOpen());
    socket.on('message', (data) => listener.onMessage(String(data)));
    socket.on('close', () => listener.onClose());
    // Followed by close; unheard it would end the process.
    socket.on('error', () => {});
    return socket;
  };
}

/** The HTTP status with which the server refuses a WebSocket; 101 when it accepts. */
export async function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => {});
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode)),
  ]);
  socket.terminate();
  return status;
}
