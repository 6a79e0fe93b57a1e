import type { Bridge } from '#shared/contract/bridge.ts';

declare global {
  interface Window {
    /** Set by the preload (Electron) or by `installWebSocketBridge` (browser) before the app renders. */
    poolscope?: Bridge;
  }
}
