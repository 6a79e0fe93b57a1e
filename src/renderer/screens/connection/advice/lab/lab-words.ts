import { type LabResult, type LabTraffic, labLeadMs } from '#shared/model/lab.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  noValue,
} from '../../../../charts/formats.ts';

/** Opening and closing the pool of a size. */
const aroundMs = 1000;

export const connections = (count: number): string =>
  `${formatCount(count)} connection${count === 1 ? '' : 's'}`;

const duration = (ms: number | null): string => (ms === null ? noValue : formatDuration(ms));
const inModel = (ms: number | null): string => (ms === null ? 'grows without end' : formatDuration(ms));

/** How long a run takes, about. */
export const runMs = (sizes: number, seconds: number, holdMs: number): number =>
  sizes * (seconds * 1000 + labLeadMs(seconds, holdMs) + aroundMs);

type Place = Pick<ProfileDraft, 'host' | 'port' | 'moreHosts'>;

/** What a run touches, before it begins. */
export function touchWords(
  sizes: readonly number[],
  seconds: number,
  holdMs: number,
  { host, port, moreHosts }: Place,
): string {
  const where = moreHosts.length === 0 ? `${host} port ${port}` : `${host} port ${port} or its other hosts`;
  const time = formatDuration(Math.ceil(runMs(sizes.length, seconds, holdMs) / 5000) * 5000);
  return `Opens up to ${connections(Math.max(...sizes))} to ${where} for about ${time} and sleeps in them; runs no statement of yours, takes no locks.`;
}

/** What the scratch pools are asked for. */
export function trafficWords(traffic: LabTraffic): string {
  const holds = `each holding a connection for ${formatDuration(traffic.holdMs)} on average (Cs² ${traffic.holdCs2.toFixed(2)})`;
  if (traffic.kind === 'open')
    return `As in the busy minute: ${formatRate(traffic.arrivalsPerS)} arrive (Ca² ${traffic.arrivalCs2.toFixed(2)}), ${holds}, asked at their moments whether or not earlier ones are answered.`;
  return `As in the busy minute: ${formatCount(traffic.callers)} callers, ${holds}, that ask again as soon as they are answered. Such a closed loop hides queueing: who waits asks less.`;
}

/** Late by more than this share of the p95 wait, and by more than a busy machine's timers are. */
const lateShare = 0.1;
const leastLateMs = 3;

/** The machine did not send requests at their moments, so the waits are too long. */
const fellBehind = ({ lateP95Ms, waitP95Ms }: LabResult): boolean =>
  lateP95Ms > leastLateMs && lateP95Ms > lateShare * (waitP95Ms ?? 0);

/** Within the target, with nobody who gave up, and at a size that can do the work in the long run. */
export const isWithin = ({ end, waitP95Ms, timeouts, predicted }: LabResult, targetMs: number): boolean =>
  end === 'complete' &&
  timeouts === 0 &&
  waitP95Ms !== null &&
  waitP95Ms <= targetMs &&
  predicted.waitP95Ms !== null;

/** What was found of a size, in a sentence or two. */
export function verdictWords(result: LabResult, targetMs: number): string {
  const { size, end, lastedMs, waitP95Ms, predicted, timeouts } = result;
  const at = `At ${connections(size)}`;
  if (end === 'queueGrew')
    return `${at} the queue only grew: stopped after ${formatDuration(lastedMs)} with ${formatCount(result.unserved)} still waiting.`;
  if (end === 'cutShort') return `${at} the run was cut short after ${formatDuration(lastedMs)}.`;
  if (waitP95Ms === null) return `${at} nothing was asked for in this time: choose a longer one.`;
  const met = waitP95Ms <= targetMs ? 'within' : 'over';
  const doubt =
    met === 'over' && fellBehind(result) ? '; but this machine fell behind, which lengthened it' : '';
  const model =
    predicted.waitP95Ms === null
      ? waitP95Ms <= targetMs
        ? 'But more is asked for than it can do, so in the end the queue grows without end.'
        : 'The model said it grows without end.'
      : `The model said ${formatDuration(predicted.waitP95Ms)}.`;
  const gaveUp = timeouts === 0 ? '' : ` ${formatCount(timeouts)} gave up.`;
  return `${at} the p95 wait was ${formatDuration(waitP95Ms)}, ${met} the target of ${formatDuration(targetMs)}${doubt}.${gaveUp} ${model}`;
}

/** What to know before a result is believed. */
export function cautionsOf(result: LabResult, traffic: LabTraffic): string[] {
  const { size, end, scatterShare, predicted, lateP95Ms, meanHoldMs } = result;
  const at = `At ${size}`;
  const cautions: string[] = [];
  if (scatterShare !== null && predicted.meanWaitMs !== null) {
    const offMs = formatDuration(scatterShare * predicted.meanWaitMs);
    cautions.push(
      scatterShare > 1
        ? `${at}, a run this short says little of the waits: by chance alone its mean may be off by ${offMs}, more than the ${formatDuration(predicted.meanWaitMs)} predicted. Measure for longer.`
        : `${at}, by chance alone the waits of 19 in 20 such runs are off by up to ${formatPercent(scatterShare)}, the mean by ${offMs}.`,
    );
  }
  if (end === 'complete' && result.unserved > 0)
    cautions.push(
      `${at}, ${formatCount(result.unserved)} still waited at the end; they count as far as they had waited.`,
    );
  if (fellBehind(result))
    cautions.push(
      `${at}, this machine fell behind: requests were sent up to ${formatDuration(lateP95Ms)} late (p95), which is part of these waits.`,
    );
  if (meanHoldMs !== null && end === 'complete') {
    const off = meanHoldMs / traffic.holdMs - 1;
    if (Math.abs(off) > 0.1)
      cautions.push(
        `${at}, holds took ${formatDuration(meanHoldMs)} instead of ${formatDuration(traffic.holdMs)}, so the pool had ${off > 0 ? 'more' : 'less'} to do than the model was told.`,
      );
  }
  return cautions;
}

export const whatIsNotShown =
  'Holds are taken as measured: this checks the queue, not whether the server itself gets slower with more connections.';

/** Of the table: header and a row for each size. Measured first, the model's after it. */
export const resultHeader = [
  'Size',
  'Requests',
  'Utilization',
  'Wait, mean',
  'Wait p95',
  'Gave up',
  'Target',
];

const pair = (measured: string, predicted: string): string => `${measured} (${predicted})`;

export function resultCells(result: LabResult, targetMs: number): string[] {
  const { size, end, requests, utilization, meanWaitMs, waitP95Ms, timeouts, predicted } = result;
  const used = predicted.utilization > 1 ? 'over 100 %' : formatPercent(predicted.utilization);
  const unsure = fellBehind(result) || (predicted.waitP95Ms === null && (waitP95Ms ?? 0) <= targetMs);
  const met = isWithin(result, targetMs) ? 'Met' : unsure ? 'Unsure' : 'Missed';
  const target = { complete: met, queueGrew: 'Missed', cutShort: noValue };
  return [
    String(size),
    formatCount(requests),
    pair(formatPercent(utilization), used),
    pair(duration(meanWaitMs), inModel(predicted.meanWaitMs)),
    pair(duration(waitP95Ms), inModel(predicted.waitP95Ms)),
    formatCount(timeouts),
    target[end],
  ];
}
