import * as z from 'zod/mini';
import type { Shell } from './bridge.ts';
import { route } from './define.ts';

/** Where passwords go. `session` forgets them at exit: it is also taken where the OS offers no real encryption. */
export interface VaultInfo {
  kind: 'keychain' | 'passphrase' | 'session';
  persistent: boolean;
  /** One plain sentence for the connection form. */
  explanation: string;
}

export interface AppNotice {
  noticeId: string;
  level: 'info' | 'warning' | 'error';
  message: string;
  atMs: number;
}

export interface AppInfo {
  version: string;
  shell: Shell;
  dataFolder: string;
  vault: VaultInfo;
  /** Set when this machine can run the sample database. */
  sampleDatabaseAvailable: boolean;
  /** Notices raised before the window was listening, oldest first. */
  notices: AppNotice[];
  nowMs: number;
}

export const appRoutes = {
  'app.info': route<AppInfo>()(z.object({})),
};
