import { erlangC } from './erlang.ts';

/** What is asked of a pool, whatever its size. */
export interface Traffic {
  /** Requests for a connection per second, those that gave up included. */
  arrivalsPerS: number;
  /** Mean time that a connection is held. */
  holdMs: number;
  /** Squared coefficient of variation of the hold: 0 always the same, 1 exponential. */
  holdCs2: number;
  /** The same of the time between two arrivals: 1 for independent callers (Poisson). */
  arrivalCs2: number;
}

/** What a pool of a size makes of it. Null: the queue would grow for as long as the traffic lasts. */
export interface QueuePrediction {
  size: number;
  /** Share of connections in use, ρ; above 1 where they cannot do the work. */
  utilization: number;
  /** Share of requests that wait at all. */
  waitShare: number;
  meanWaitMs: number | null;
  waitP95Ms: number | null;
}

/** Connections busy at once on average, by Little's law: a = λ·S. */
export const offeredLoad = ({ arrivalsPerS, holdMs }: Traffic): number => (arrivalsPerS * holdMs) / 1000;

/**
 * How much longer waits are than half of those of exponential holds when holds are all the same, as a
 * share: ν of Cosmetatos (1975), bounded as by Tijms (2003), "A First Course in Stochastic Models", 9.6.
 * Several connections that are free at regular times serve less evenly than one that is as many times as fast.
 */
function regularHoldsExcess(size: number, utilization: number): number {
  const excess = ((1 - utilization) * (size - 1) * (Math.sqrt(4 + 5 * size) - 2)) / (16 * size * utilization);
  return Math.min(excess, 0.25 / utilization);
}

/**
 * Waits of an M/M/c queue (Erlang C) times (Ca² + Cs²)/2 for arrivals and holds that are not
 * exponential (Allen and Cunneen), and a little more where holds vary less than exponential ones
 * (Cosmetatos): the mean C·S / (c(1−ρ)), and the time that a share p of all
 * requests stays under, ln(C / (1−p)) / (c/S − λ), 0 where fewer than 1−p wait at all.
 */
export function predictWait(traffic: Traffic, size: number): QueuePrediction {
  const load = offeredLoad(traffic);
  const utilization = load / size;
  if (load === 0) return { size, utilization: 0, waitShare: 0, meanWaitMs: 0, waitP95Ms: 0 };
  if (utilization >= 1) return { size, utilization, waitShare: 1, meanWaitMs: null, waitP95Ms: null };
  const waitShare = erlangC(size, load);
  const { arrivalCs2, holdCs2 } = traffic;
  const excess = Math.max(0, 1 - holdCs2) * regularHoldsExcess(size, utilization);
  const factor = (arrivalCs2 + holdCs2 + excess) / 2;
  const drainMs = (factor * traffic.holdMs) / (size - load);
  return {
    size,
    utilization,
    waitShare,
    meanWaitMs: waitShare * drainMs,
    waitP95Ms: Math.max(0, Math.log(waitShare / 0.05)) * drainMs,
  };
}

/** Beyond this no pool is sized; profiles take no more either. */
export const largestSize = 1000;
/** Kept free for what is busier than the busy minute. */
export const highestUtilization = 0.8;

/**
 * The smallest pool that keeps the p95 wait within `targetWaitMs` and ρ within `utilization`. The mean,
 * too: where few wait, but those for long, the p95 alone would be 0. Null when that takes more than `largestSize`.
 */
export function smallestSize(
  traffic: Traffic,
  targetWaitMs: number,
  utilization = highestUtilization,
): number | null {
  const first = Math.max(1, Math.ceil(offeredLoad(traffic) / utilization - 1e-9));
  for (let size = first; size <= largestSize; size += 1) {
    const { waitP95Ms, meanWaitMs } = predictWait(traffic, size);
    if (waitP95Ms === null || meanWaitMs === null) continue;
    if (Math.max(waitP95Ms, meanWaitMs) <= targetWaitMs) return size;
  }
  return null;
}

/**
 * Waits of `callers` that ask again as soon as they are answered, so that a full pool slows them down
 * and the rate of arrivals says nothing of what they want: the asymptotic bound (Denning and Buzen)
 * of a closed system, (n − c)·S / c for everyone. Holds for callers that never rest.
 */
export function predictCallersWait(callers: number, holdMs: number, size: number): QueuePrediction {
  const waitMs = (Math.max(0, callers - size) * holdMs) / size;
  return {
    size,
    utilization: Math.min(1, callers / size),
    waitShare: callers > size ? 1 : 0,
    meanWaitMs: waitMs,
    waitP95Ms: waitMs,
  };
}
