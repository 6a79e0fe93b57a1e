import type { Rates } from './server.ts';
import type { SessionState } from './session.ts';

/** What client sessions are counted by, besides their state. */
export const sessionDimensions = ['application', 'user', 'database', 'address'] as const;
export type SessionDimension = (typeof sessionDimensions)[number];

/**
 * One moment of a server in brief, as charts, history and alerts use it. Counts are client sessions
 * without the watcher's own. Small, so that months of it can be kept.
 */
export interface SessionsPoint {
  /** Poolscope's clock, milliseconds since the epoch. */
  atMs: number;
  clients: number;
  states: Record<SessionState, number>;
  /** Name and count of the eight largest groups, largest first; what is missing to `clients` is in smaller ones. */
  groups: Record<SessionDimension, [name: string, count: number][]>;
  /** Slots for everyone, and how many of them are free. */
  usable: number;
  left: number;
  /** Sessions that wait for a lock; null when that cannot be seen. */
  blocked: number | null;
  /** Age of the oldest; null when there is none, or none that can be seen (`full` tells). */
  idleInTransactionMs: number | null;
  transactionMs: number | null;
  /** Longest wait for a lock. */
  blockedMs: number | null;
  /** Sum over all databases. */
  rates: Rates;
  /** False when other roles' sessions are hidden: what is null or `unknown` above may be more. */
  full: boolean;
}

/** How a group without a name stands in charts and filters: no application name given, or a Unix socket. */
export const unnamedGroup = '';

/**
 * At most one point per bucket: the one with the most client sessions, as it was, so that spikes
 * stay and a stack still adds up. Oldest first. The same for the past and for live points.
 */
export function peakPerBucket(points: readonly SessionsPoint[], bucketMs: number): SessionsPoint[] {
  const peaks = new Map<number, SessionsPoint>();
  for (const point of points) {
    const bucket = Math.floor(point.atMs / bucketMs);
    const peak = peaks.get(bucket);
    if (peak === undefined || point.clients > peak.clients) peaks.set(bucket, point);
  }
  return [...peaks.values()].sort((a, b) => a.atMs - b.atMs);
}
