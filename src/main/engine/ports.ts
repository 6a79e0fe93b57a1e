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
  /** Called when the destination is known; yields text (UTF-8) or bytes in order. */
  content: () => AsyncIterable<string | Uint8Array>;
  signal: AbortSignal;
}

/** A file the user is asked for. It is only read, and only while `receive` runs. */
export interface OpenRequest<T> {
  callerId: string;
  title: string;
  kind: { name: string; extension: string };
  /** A larger file is refused unread. */
  maxBytes: number;
  signal: AbortSignal;
  /** Takes the file, and throws EngineError in words for the user when it cannot. */
  receive(file: { path: string; fileName: string }, signal: AbortSignal): Promise<T>;
}

/**
 * The Electron shell answers once the file was received; the web shell with a one-time address on
 * its own origin, whose answer to the file is an envelope with what `receive` answered.
 */
export type OpenOutcome<T> =
  | { kind: 'opened'; value: T }
  | { kind: 'upload'; url: string; maxBytes: number }
  | { kind: 'cancelled' };

/** Notifications of the operating system, where the shell can show them. */
export interface DesktopNotifications {
  isSupported(): boolean;
  show(notification: { title: string; body: string; silent: boolean }, onClick: () => void): void;
  /** A count on the app's icon; 0 takes it away. Does nothing where icons have no badge. */
  setBadge(count: number): void;
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
  /** Absent where the page shows notifications itself. */
  notifications?: DesktopNotifications;
  saveFile(request: SaveRequest): Promise<SaveOutcome>;
  openFile<T>(request: OpenRequest<T>): Promise<OpenOutcome<T>>;
  log: Logger;
  clock: Clock;
}
