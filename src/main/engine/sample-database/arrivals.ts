/** The load of the sample database over time: a slow wave with a burst now and then. */
const meanPerSecond = 24;
const waveShare = 0.6;
const waveMs = 90_000;
/** Late enough that the quiet before it is seen, early enough that a newcomer sees it too. */
const firstBurstMs = 6000;
const burstEveryMs = 25_000;
/** More than the pool holds, so that a few requests wait. */
export const burstSize = 16;

/** Requests per second wanted at a moment of the run. */
export function arrivalsPerSecond(elapsedMs: number): number {
  return meanPerSecond * (1 + waveShare * Math.sin((2 * Math.PI * elapsedMs) / waveMs));
}

/** Milliseconds to the next request: exponential gaps make a Poisson stream. `random` is in [0, 1). */
export function nextGapMs(elapsedMs: number, random: () => number): number {
  return (-Math.log(1 - random()) * 1000) / arrivalsPerSecond(elapsedMs);
}

/** How many bursts are due by a moment of the run. */
export function burstsBy(elapsedMs: number): number {
  return elapsedMs < firstBurstMs ? 0 : 1 + Math.floor((elapsedMs - firstBurstMs) / burstEveryMs);
}
