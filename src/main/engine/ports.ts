import type { AppNotice, VaultInfo } from '#shared/contract/app.ts';
import type { Shell } from '#shared/contract/bridge.ts';
import type { SaveOutcome } from '#shared/contract/exporter.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/log.ts';

/** Keeps secrets by name. Implementations: the OS keychain, an encrypted file, this run's memory. */
export interface Vault {
  describe(): VaultInfo;
  get(key: string): Promise<string | undefined>;
  set(key: string, secret: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface SaveRequest {
  callerId: string;
  suggestedName: string;
  mimeType: string;
  /** Called once, when the destination is known; yields text in order. */
  content: () => AsyncIterable<string>;
  signal: AbortSignal;
}

/** What differs between shells. The engine takes the rest from Node alone. */
export interface EnginePorts {
  shell: Shell;
  version: string;
  /** Exists and is ours alone; the shell holds its lock. */
  dataFolder: string;
  vault: Vault;
  /** What the shell found out while it prepared these, for the user. */
  notices?: readonly Pick<AppNotice, 'level' | 'message'>[];
  saveFile(request: SaveRequest): Promise<SaveOutcome>;
  log: Logger;
  clock: Clock;
}
