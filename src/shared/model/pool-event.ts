import type { ErrorCode } from '../contract/errors.ts';

/** What a pool's event log tells of. `health` is left to the health room. */
export const poolEventKinds = [
  'connecting',
  'connect',
  'connect-failed',
  'acquire',
  'release',
  'remove',
  'error',
  'notice',
  'retry',
  'breaker',
  'resize',
  'check',
  'leak',
  'released-in-transaction',
  'timeout',
] as const;
export type PoolEventKind = (typeof poolEventKinds)[number];

/** Why a connection was closed. */
export type RemoveReason =
  | 'idle'
  | 'lifetime'
  | 'max-uses'
  | 'overflow'
  | 'shrunk'
  | 'recycled'
  | 'check-failed'
  | 'reset-failed'
  | 'broken'
  | 'discarded'
  | 'closing';

/** One line of a pool's event log. Never holds a secret, nor a statement unless the profile asks for it. */
export interface PoolEvent {
  /** Rises by one within a pool's life; a gap means that events were dropped. */
  sequence: number;
  atMs: number;
  kind: PoolEventKind;
  /** Names the connection within its pool; null when the event is of none. */
  connectionId: number | null;
  /** The server's process, where known. */
  processId: number | null;
  /** Who took the connection ("health", "query", "names", "sample workload", …); null when nobody did. */
  holder: string | null;
  /** One plain sentence. */
  message: string;
  /** How long it took or was held, where the event has a length. */
  durationMs: number | null;
  reason: RemoveReason | null;
  errorCode: ErrorCode | null;
  /** The statement, only with the profile's `logStatements`. */
  statement: string | null;
}
