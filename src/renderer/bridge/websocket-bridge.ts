import { type Connect, createSocketBridge } from './socket-bridge.ts';

/** Sets `window.poolscope` in a browser, where no preload does: a WebSocket to the server the page came from. */
export function installWebSocketBridge(): void {
  const { protocol, host } = window.location;
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
  const connect: Connect = (listener) => {
    const socket = new WebSocket(address);
    socket.onopen = () => listener.onOpen();
    socket.onmessage = (event) => listener.onMessage(event.data);
    socket.onclose = () => listener.onClose();
    return socket;
  };
  window.poolscope = createSocketBridge(connect, isPageRefused);
}

/** A browser does not tell a page why a WebSocket failed; a plain request for the page's own address does. */
async function isPageRefused(): Promise<boolean> {
  const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store' });
  return status === 401 || status === 403;
}
