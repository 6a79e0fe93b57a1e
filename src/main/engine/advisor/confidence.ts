import type { Advice, Confidence, Demand } from '#shared/model/advice.ts';
import { predictWait } from '#shared/model/sizing/queue.ts';
import { trafficOf } from './demand.ts';
import { counted, inWords, percent } from './words.ts';

const levels = ['low', 'medium', 'high'] as const;
/** Measured and predicted waits this near to each other, or both so short, agree. */
const agreeTimes = 1.6;
const agreeMs = 2;

/** How far the figures can be trusted, and why. */
export function confidenceIn(
  demand: Demand,
  measuredWait: Advice['measuredWait'],
  minutes: number,
  acquired: number,
): Confidence {
  const reasons: string[] = [];
  let doubts = 0;
  const amount = `${counted(minutes, 'minute')} with ${counted(acquired, 'request')}`;
  if (minutes >= 60 && acquired >= 10_000) reasons.push(`Rests on ${amount}.`);
  else {
    doubts += 1;
    reasons.push(`Rests on ${amount} only; an hour with 10,000 says more.`);
  }
  if (demand.kind === 'callers') {
    doubts += 1;
    reasons.push(
      'The queue never emptied, so how much more would be asked of a larger pool is not known: sized for all that asked at once, which fewer connections may do.',
    );
  } else if (measuredWait !== null) {
    doubts += agreement(demand, measuredWait, reasons);
  }
  if (demand.arrivalCs2 === null) {
    doubts += 1;
    reasons.push('Single seconds of that time are not kept: arrivals are taken as independent.');
  }
  return { level: levels[Math.max(0, 2 - doubts)] ?? 'low', reasons };
}

/** Doubts from how well the model explains what was measured at the size of then. */
function agreement(demand: Demand, measured: NonNullable<Advice['measuredWait']>, reasons: string[]): number {
  const { meanWaitMs, utilization } = predictWait(trafficOf(demand), measured.size);
  if (meanWaitMs === null) {
    reasons.push('More was asked than the pool could do; waits then depend on how long that lasts.');
    return 0;
  }
  const pair = `${inWords(measured.meanMs)} measured, ${inWords(meanWaitMs)} predicted`;
  const [low, high] = [Math.min(measured.meanMs, meanWaitMs), Math.max(measured.meanMs, meanWaitMs)];
  if (high <= agreeMs || high <= agreeTimes * low) {
    reasons.push(`The model explains the waits of the busy minute: on average ${pair}.`);
    if (utilization < 0.6) reasons.push(`At ${percent(utilization)} utilization waits are short anyway.`);
    return 0;
  }
  reasons.push(`The model does not explain the waits of the busy minute: on average ${pair}.`);
  return 1;
}
