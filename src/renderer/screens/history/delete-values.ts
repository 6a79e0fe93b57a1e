import type { DeletedHistory } from '#shared/contract/history-storage.ts';
import { formatCount } from '../../charts/formats.ts';
import { formatBytes } from '../../kit/byte-words.ts';

/** What is to be deleted, as it is filled in. */
export interface DeleteValues {
  /** Null for every connection. */
  profileId: string | null;
  age: 'older' | 'any';
  /** As a number input holds it. */
  days: number | string;
}

/** What the engine is asked, without saying whether it is a dry run. */
export interface Deletion {
  profileId: string | null;
  beforeMs: number | null;
}

const dayMs = 24 * 60 * 60_000;
const mostDays = 3660;

/** The values as the contract takes them; a sentence when they cannot be. */
export function deletionOf(values: DeleteValues, nowMs: number): Deletion | string {
  const { profileId, age } = values;
  // The contract wants a connection or an age: "all of everything" is all there is until now.
  if (age === 'any') return { profileId, beforeMs: profileId === null ? Math.floor(nowMs) : null };
  const days = values.days === '' ? Number.NaN : Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    return `Enter a whole number of days from 1 to ${mostDays}.`;
  }
  return { profileId, beforeMs: Math.max(0, Math.floor(nowMs - days * dayMs)) };
}

const counted = (count: number, one: string, many: string) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** "12,000 samples, 200 minutes and 3 events: 1.2 MB". Null when there is nothing to delete. */
export function deletedInWords({ samples, rollups, events, bytes }: DeletedHistory): string | null {
  const parts = [
    ...(samples > 0 ? [counted(samples, 'sample', 'samples')] : []),
    ...(rollups > 0 ? [counted(rollups, 'minute', 'minutes')] : []),
    ...(events > 0 ? [counted(events, 'event', 'events')] : []),
  ];
  const last = parts.pop();
  if (last === undefined) return null;
  return `${parts.length === 0 ? '' : `${parts.join(', ')} and `}${last}: ${formatBytes(bytes)}`;
}
