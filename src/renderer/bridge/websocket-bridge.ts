import { createSocketBridge } from './socket-bridge.ts';

/** Sets `window.poolscope` in a browser, where no preload does: a WebSocket to the server the page came from. */
export function installWebSocketBridge(): void {
  const { protocol, host } = window.location;
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
  window.poolscope = createSocketBridge((listener) => {
    const socket = new WebSocket(address);
    socket.onopen = () => listener.onOpen();
    socket.onmessage = (event) => listener.onMessage(event.data);
    socket.onclose = () => listener.onClose();
    return socket;
  });
}
