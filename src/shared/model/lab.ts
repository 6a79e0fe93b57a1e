import type { ErrorPayload } from '../contract/errors.ts';
import type { Demand } from './advice.ts';
import { predictCallersWait, predictWait, type QueuePrediction, type Traffic } from './sizing/queue.ts';

/** How the lab's sessions are named on the server. */
export const labApplicationName = 'poolscope-lab';

export const labSeconds = [10, 30, 60] as const;
export type LabSeconds = (typeof labSeconds)[number];

export const labLimits = {
  /** Sizes of one run. */
  sizes: 4,
  /** More than this one process may fail to send at their moments. */
  requestsPerS: 1000,
  callers: 2000,
};

/**
 * What a scratch pool is asked for. `open`: requests come at their moments whether or not earlier ones
 * are answered. `callers`: so many ask again as soon as they are answered.
 */
export type LabTraffic =
  | ({ kind: 'open' } & Traffic)
  | { kind: 'callers'; callers: number; holdMs: number; holdCs2: number };

/** What the advice measured, as traffic for the lab. */
export function labTrafficOf({ kind, load, arrivalsPerS, holdMs, holdCs2, arrivalCs2 }: Demand): LabTraffic {
  return kind === 'callers'
    ? { kind, callers: Math.max(1, Math.round(load)), holdMs, holdCs2 }
    : { kind, arrivalsPerS, holdMs, holdCs2, arrivalCs2: arrivalCs2 ?? 1 };
}

/** What the model says of a size under this traffic; as the advice says it. */
export const labPrediction = (traffic: LabTraffic, size: number): QueuePrediction =>
  traffic.kind === 'callers'
    ? predictCallersWait(traffic.callers, traffic.holdMs, size)
    : predictWait(traffic, size);

/** Requests a second that a pool of this size is sent at most. */
export const labRatePerS = (traffic: LabTraffic, size: number): number =>
  traffic.kind === 'callers'
    ? (Math.min(traffic.callers, size) * 1000) / traffic.holdMs
    : traffic.arrivalsPerS;

/**
 * Before what is measured, so that the queue is no longer that of a pool nobody asked: three holds at least,
 * for until the first come back no pool seems too small.
 */
export const labLeadMs = (seconds: number, holdMs: number): number =>
  Math.max(Math.min(2000, seconds * 100), 3 * holdMs);

/** How often a connection must come back within what is measured for waits to tell anything. */
const leastHolds = 10;

/** Whether so short a time tells anything of such long holds. */
export const labIsLongEnough = (seconds: number, holdMs: number): boolean =>
  seconds * 1000 >= leastHolds * holdMs;

/** How a size ended: its time was over, its queue only grew, or the run ended first. */
export type LabEnd = 'complete' | 'queueGrew' | 'cutShort';

/** What was measured of one size. */
export interface LabResult {
  size: number;
  end: LabEnd;
  lastedMs: number;
  /** Asked for within that time, those that gave up included. */
  requests: number;
  /** Gave up after the profile's wait timeout. */
  timeouts: number;
  /** Asked, and not served when it ended; their wait so far counts. */
  unserved: number;
  /** Share of the connections that were held. */
  utilization: number;
  /** As held, the way to the server included. Null when none came back. */
  meanHoldMs: number | null;
  /** From the moment a request was due to its connection. Null without requests. */
  meanWaitMs: number | null;
  waitP95Ms: number | null;
  /** 95 of 100 requests were sent no later than this after they were due; it is part of their waits. */
  lateP95Ms: number;
  predicted: QueuePrediction;
  /** See `scatterOf`; null where it says nothing. */
  scatterShare: number | null;
}

export interface LabReport {
  /** In the order they were checked. */
  results: LabResult[];
  /** What ended the run early; null when all sizes were checked. */
  trouble: ErrorPayload | null;
}

/** How far a run is, addressed by the caller's own id. */
export interface LabProgress {
  runId: string;
  /** The one under way, the how-manieth it is, and of how many. */
  size: number;
  place: number;
  sizes: number;
  /** Of the whole run. */
  leftMs: number;
  /** Of the size under way. */
  requests: number;
  waiting: number;
  /** Of sizes that are done. */
  results: LabResult[];
}
