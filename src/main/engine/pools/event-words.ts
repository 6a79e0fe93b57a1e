import type { PoolEventKind, RemoveReason } from '#shared/model/pool-event.ts';
import type { EventSlot } from './event-log.ts';

const reasons: Record<RemoveReason, string> = {
  idle: 'it was at rest for longer than the idle timeout',
  lifetime: 'it reached its maximum lifetime',
  'max-uses': 'it was handed out as often as it may be',
  overflow: 'it was beyond the size that persists',
  shrunk: 'the pool was made smaller',
  recycled: 'the pool was told to renew its connections',
  'check-failed': 'it did not answer a check',
  'reset-failed': 'it could not be reset for the next holder',
  broken: 'it broke',
  discarded: 'its holder gave it back as no longer fit for use',
  closing: 'the pool is closing',
};

type Words = (slot: EventSlot, who: string) => string;

/** One plain sentence for each kind. Lengths stand in their own column. */
const words: Record<PoolEventKind, Words> = {
  connecting: ({ connectionId }) => `Connection ${connectionId} is being opened.`,
  connect: ({ connectionId, processId }) =>
    `Connection ${connectionId} was opened${processId === null ? '' : ` (server process ${processId})`}.`,
  'connect-failed': (slot) => `A connection could not be opened. ${detailOf(slot)}`,
  acquire: ({ connectionId }, who) => `Connection ${connectionId} was handed to ${who}.`,
  release: ({ connectionId }, who) => `Connection ${connectionId} came back from ${who}.`,
  remove: ({ connectionId, reason }) =>
    `Connection ${connectionId} was closed: ${reasons[reason ?? 'discarded']}.`,
  error: (slot) => `Connection ${slot.connectionId} broke. ${detailOf(slot)}`,
  notice: (slot) => `The server says: ${detailOf(slot)}`,
  retry: (slot) => `Trying again in a moment. ${detailOf(slot)}`,
  breaker: (slot) => detailOf(slot),
  resize: (slot) => detailOf(slot),
  check: (slot) =>
    slot.reason === null
      ? `Connection ${slot.connectionId} answered a check.`
      : `Connection ${slot.connectionId} did not answer a check. ${detailOf(slot)}`,
  leak: ({ connectionId }, who) =>
    `Connection ${connectionId} is held by ${who} for longer than the leak threshold.`,
  'released-in-transaction': (slot, who) =>
    `Connection ${slot.connectionId} came back from ${who} inside a transaction. ${detailOf(slot)}`,
  timeout: (_, who) => `No connection became free in time for ${who}.`,
};

function detailOf({ detail }: EventSlot): string {
  if (detail === null) return '';
  return typeof detail === 'object' ? detail.message : detail;
}

/** What an event says to people. */
export function wordsFor(slot: EventSlot): string {
  return words[slot.kind](slot, slot.holder ?? 'a caller').trim();
}
