import type { Advice, Demand } from '#shared/model/advice.ts';
import { meanMs } from '#shared/model/histogram.ts';
import { deadlockFloor } from '#shared/model/sizing/formulas.ts';
import {
  highestUtilization,
  offeredLoad,
  predictCallersWait,
  predictWait,
  type QueuePrediction,
  smallestSize,
} from '#shared/model/sizing/queue.ts';
import { boundOf } from './bound.ts';
import { trafficOf } from './demand.ts';
import type { Evidence } from './evidence.ts';
import { atOnce, type Minute, minuteMs } from './minutes.ts';
import { counted, inWords, percent } from './words.ts';

type Sizing = Pick<
  Advice,
  | 'verdict'
  | 'headline'
  | 'reasons'
  | 'steps'
  | 'needed'
  | 'recommended'
  | 'bound'
  | 'predictions'
  | 'measuredWait'
>;

/** How long a pool must be seen half idle before it is called too large. */
const largeSpanMs = 23 * 60 * minuteMs;
const largeCoveredMs = 20 * 60 * minuteMs;

export const predictionAt = (demand: Demand, size: number): QueuePrediction =>
  demand.kind === 'callers'
    ? predictCallersWait(demand.load, demand.holdMs, size)
    : predictWait(trafficOf(demand), size);

/** What size the load asks for, what the server lets be, and how the present one stands to it. */
export function sizing(evidence: Evidence, demand: Demand, minutes: readonly Minute[]): Sizing {
  const { settings, inputs } = evidence;
  const peak = Math.max(...minutes.map(atOnce));
  const floor = deadlockFloor(peak, inputs.connectionsPerTask);
  const busy = minutes.find(({ startMs }) => startMs === demand.minuteStartMs);
  const measuredWait = measuredWaitOf(busy);
  const judged = judge(evidence, demand, minutes, { peak, floor, busy });
  const bound = boundOf(evidence, judged.needed);
  const max = recommendedMax(judged, settings.max, bound);
  const recommended =
    max === null ? null : { min: Math.min(max, recommendedMin(judged, demand, settings)), max };
  const around = max ?? judged.needed ?? settings.max;
  const { verdict, reasons, needed } = judged;
  return {
    ...{ verdict, reasons, needed, recommended, bound },
    headline: judged.headline(recommended?.max ?? null),
    steps: stepsOf(bound, recommended, settings, needed),
    predictions: sizesAround(around, [settings.max, measuredWait?.size ?? settings.max]).map((size) =>
      predictionAt(demand, size),
    ),
    measuredWait,
  };
}

function measuredWaitOf(busy: Minute | undefined): Sizing['measuredWait'] {
  if (busy === undefined || busy.waitMeanMs === null || busy.waitP95Ms === null) return null;
  return { size: busy.maxSetting, meanMs: busy.waitMeanMs, p95Ms: busy.waitP95Ms };
}

interface Judged {
  verdict: Sizing['verdict'];
  headline(max: number | null): string;
  reasons: string[];
  needed: number | null;
  /** Waits are the time to open connections. */
  opensTooLate: boolean;
}

interface Facts {
  peak: number;
  floor: number;
  busy: Minute | undefined;
}

function judge(evidence: Evidence, demand: Demand, minutes: readonly Minute[], facts: Facts): Judged {
  const { settings, inputs, measured } = evidence;
  const { peak, floor, busy } = facts;
  const target = inputs.targetWaitMs;
  const byModel =
    demand.kind === 'callers' ? Math.ceil(demand.load) : smallestSize(trafficOf(demand), target);
  const needed = byModel === null ? null : Math.max(byModel, floor);
  const waitMs = busy?.waitP95Ms ?? 0;
  const timeouts = minutes.reduce((sum, minute) => sum + minute.timeouts, 0);
  const load = `In its busy minute ${counted(Math.round(demand.load * 10) / 10, 'connection')} ${demand.kind === 'callers' ? 'were wanted at once' : 'would be busy at once'}, ${percent(demand.load / settings.max)} of ${settings.max}.`;
  const sizeThen = busy?.maxSetting ?? settings.max;
  const then = sizeThen === settings.max ? '' : `, with ${counted(sizeThen, 'connection')} then`;
  const waits = `95 of 100 requests of that minute waited up to ${inWords(waitMs)}${then}; the target is ${inWords(target)}.`;
  const reasons = [load, waits];
  if (timeouts > 0) reasons.push(`${counted(timeouts, 'request')} gave up in this range.`);
  const deadlocks = settings.max < floor;
  if (deadlocks)
    reasons.push(
      `With ${inputs.connectionsPerTask} connections per task and ${peak} tasks at once, fewer than ${floor} can lock up for good.`,
    );
  const base = { reasons, needed, opensTooLate: false };

  if (needed === null) {
    const headline = () => 'No pool of up to 1,000 would meet the target: shorten the holds first.';
    return { ...base, verdict: 'tooSmall', headline };
  }
  const isFull = busy !== undefined && busy.usedMax >= settings.max;
  // Waits at another size say nothing of this one; the model does.
  const suffers =
    then !== '' || waitMs > target || timeouts > 0 || demand.load / settings.max > highestUtilization;
  if (deadlocks || (needed > settings.max && suffers)) {
    return { ...base, verdict: 'tooSmall', headline: (max) => tooSmall(settings.max, needed, max) };
  }
  if (waitMs > target && then === '') {
    const connectMs = meanMs(measured.connectMs) ?? 0;
    if (!isFull && busy !== undefined && busy.opened > 0 && connectMs >= waitMs / 4) {
      reasons.push(
        `Connections took ${inWords(connectMs)} to open: the waits are for that, not for a free one.`,
      );
      const headline = () =>
        'The maximum is right; the minimum is too low, so requests wait for connections to open.';
      return { ...base, verdict: 'rightSized', headline, opensTooLate: true };
    }
    const burst = Math.max(needed, peak);
    if (isFull && burst > settings.max) {
      reasons.push(`Requests come in bursts, up to ${peak} at once: the mean of a minute hides them.`);
      return {
        ...base,
        needed: burst,
        verdict: 'tooSmall',
        headline: (max) => tooSmall(settings.max, burst, max),
      };
    }
  }
  const usedPeak = Math.max(...minutes.map(({ usedMax }) => usedMax));
  const isLong = evidence.toMs - evidence.fromMs >= largeSpanMs && measured.coveredMs >= largeCoveredMs;
  const least = Math.max(needed, peak);
  if (usedPeak * 2 <= settings.max && least < settings.max) {
    const idle = `Never more than ${usedPeak} of ${settings.max} were used.`;
    if (isLong) {
      const headline = () =>
        `${counted(least, 'connection')} would do: never more than ${usedPeak} of ${settings.max} were used.`;
      return { ...base, needed: least, verdict: 'tooLarge', headline };
    }
    reasons.push(`${idle} Whether it is too large takes a day to say.`);
  }
  const keeps = then === '' && waitMs <= target ? 'keep' : 'should keep';
  if (waitMs > target)
    reasons.push(
      'Neither the load nor connects explain such waits: look again when it has run like this for a while.',
    );
  const headline = () => `${counted(settings.max, 'connection')} ${keeps} waits within the target.`;
  return { ...base, verdict: 'rightSized', headline };
}

function tooSmall(present: number, needed: number, max: number | null): string {
  if (max === null || max < needed)
    return `The load asks for ${counted(needed, 'connection')}, and there are ${present}.`;
  return `${counted(present, 'connection')} ${present === 1 ? 'is' : 'are'} not enough, ${needed} would keep waits within the target.`;
}

/** Never more than the server has room for; nothing larger than now where that is not known. */
function recommendedMax(judged: Judged, present: number, bound: Advice['bound']): number | null {
  const { verdict, needed } = judged;
  const wanted = verdict === 'rightSized' ? present : needed;
  if (wanted === null) return null;
  if (bound.cap === null) return wanted <= present ? wanted : null;
  return bound.cap < 1 ? null : Math.min(wanted, bound.cap);
}

/** Opened beforehand: what the work of the busy minute keeps busy. A minimum that does no harm stays as it is. */
function recommendedMin(judged: Judged, demand: Demand, { min }: Advice['settings']): number {
  const wanted = Math.ceil(offeredLoad(trafficOf(demand)));
  if (judged.verdict === 'tooLarge') return Math.min(min, wanted);
  if (judged.verdict === 'rightSized' && !judged.opensTooLate) return min;
  return Math.max(min, wanted);
}

function stepsOf(
  bound: Advice['bound'],
  recommended: Advice['recommended'],
  settings: Advice['settings'],
  needed: number | null,
): string[] {
  if (bound.cap === null && recommended === null && needed !== null) {
    return [
      'Nothing larger is recommended until it is known what the server has left: connect, and look again.',
    ];
  }
  if (bound.cap !== null && bound.cap < settings.max) {
    return [
      `The present maximum of ${settings.max} in each instance could take more than the server has: lower it, or put a pooler between.`,
    ];
  }
  if (recommended !== null && recommended.max > settings.max * 2) {
    return ['Raise it in steps and look again: holds may get longer as more run at once.'];
  }
  return [];
}

/** c−2 to c+4, and the sizes there are or were. */
function sizesAround(size: number, others: readonly number[]): number[] {
  const sizes = new Set(others);
  for (let near = size - 2; near <= size + 4; near += 1) if (near >= 1) sizes.add(near);
  return [...sizes].sort((a, b) => a - b);
}
