import type { PoolEventKind, RemoveReason } from '#shared/model/pool-event.ts';

/** A word for each kind, as the filter and the table show it. */
export const kindWords: Record<PoolEventKind, string> = {
  connecting: 'Connecting',
  connect: 'Connected',
  'connect-failed': 'Connect failed',
  acquire: 'Acquired',
  release: 'Released',
  remove: 'Closed',
  error: 'Error',
  notice: 'Server notice',
  retry: 'Retry',
  breaker: 'Breaker',
  resize: 'Resized',
  check: 'Check',
  leak: 'Suspected leak',
  'released-in-transaction': 'Released in transaction',
  timeout: 'Timeout',
};

export const reasonWords: Record<RemoveReason, string> = {
  idle: 'idle for too long',
  lifetime: 'end of its lifetime',
  'max-uses': 'used often enough',
  overflow: 'beyond the persistent size',
  shrunk: 'the pool was made smaller',
  recycled: 'recycled',
  'check-failed': 'found dead by a check',
  'reset-failed': 'could not be reset',
  broken: 'connection lost',
  discarded: 'discarded by its holder',
  closing: 'the pool closed',
};

const bad: ReadonlySet<PoolEventKind> = new Set(['connect-failed', 'error', 'timeout']);
const warn: ReadonlySet<PoolEventKind> = new Set(['leak', 'released-in-transaction', 'retry', 'breaker']);

export function toneOfKind(kind: PoolEventKind): 'bad' | 'warn' | undefined {
  if (bad.has(kind)) return 'bad';
  return warn.has(kind) ? 'warn' : undefined;
}

/** Kinds that come with every use of a connection, and drown the others when they are shown. */
export const busyKinds: readonly PoolEventKind[] = ['acquire', 'release'];
