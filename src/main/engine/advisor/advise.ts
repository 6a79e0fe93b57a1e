import type { Advice } from '#shared/model/advice.ts';
import { boundOf } from './bound.ts';
import { confidenceIn } from './confidence.ts';
import { demandOf } from './demand.ts';
import type { Evidence, Measured } from './evidence.ts';
import { figuresOf } from './figures.ts';
import { minuteMs } from './minutes.ts';
import { pastTrouble, withoutLocks } from './past-trouble.ts';
import { sizing } from './sizing.ts';
import { slowServerTrouble } from './slow-server.ts';
import { holderTrouble, leakTrouble, type Trouble } from './trouble.ts';
import { counted, inWords } from './words.ts';

const leastCoveredMs = 5 * minuteMs;
const leastAcquired = 1000;

/**
 * What the evidence says of a pool's size. Looks for what no size cures first, and sizes only what is
 * left. Depends on nothing but the evidence.
 */
export async function advise(evidence: Evidence): Promise<Advice> {
  const { profileId, fromMs, toMs, settings, measured, server, inputs, cores } = evidence;
  const base = {
    ...{ profileId, fromMs, toMs, settings, inputs, cores },
    ...{ demand: null, needed: null, recommended: null, measuredWait: null, confidence: null },
    ...{ holders: [], missing: [], reasons: [], steps: [], predictions: [] },
    bound: boundOf(evidence, null),
    figures: figuresOf(evidence, null),
    sightGrant: server?.reading?.sight.sightGrant ?? null,
  };
  const troubled = (trouble: Trouble): Advice => ({ ...base, ...trouble });

  const atOnce = holderTrouble(evidence) ?? leakTrouble(evidence);
  if (atOnce !== null) return troubled(atOnce);
  const minutes = withoutLocks(measured.minutes, evidence.points);
  const missing = missingOf(measured, minutes.length);
  const over = server === null ? pastTrouble(evidence) : null;
  if (over !== null) return troubled(over);
  const demand = missing.length > 0 ? null : await demandOf(measured, minutes);
  if (demand === null) {
    const headline = 'Nothing can be said of its size yet.';
    return { ...base, verdict: 'tooLittleData', headline, missing };
  }
  const figures = figuresOf(evidence, demand);
  const slow = slowServerTrouble(evidence);
  if (slow !== null) return { ...troubled(slow), demand, figures };
  const sized = sizing(evidence, demand, minutes);
  const left = measured.minutes.length - minutes.length;
  return {
    ...base,
    ...sized,
    reasons: [
      ...sized.reasons,
      ...(left === 0 ? [] : [`${counted(left, 'minute')} in which sessions waited for locks are left out.`]),
    ],
    demand,
    figures,
    confidence: confidenceIn(demand, sized.measuredWait, minutes.length, acquiredIn(measured)),
  };
}

const acquiredIn = ({ minutes }: Measured): number =>
  minutes.reduce((sum, { acquired }) => sum + acquired, 0);

function missingOf(measured: Measured, minutes: number): string[] {
  const { coveredMs } = measured;
  if (coveredMs === 0)
    return ['Nothing was recorded in this range. Choose another one, or connect and wait.'];
  const missing: string[] = [];
  if (coveredMs < leastCoveredMs) {
    missing.push(`${inWords(coveredMs)} of samples; ${inWords(leastCoveredMs)} are needed.`);
  } else if (minutes === 0) {
    missing.push('Sessions waited for locks in every minute of this range.');
  }
  const acquired = acquiredIn(measured);
  if (acquired < leastAcquired) {
    const of = leastAcquired.toLocaleString('en-US');
    missing.push(`${counted(acquired, 'request')} of the ${of} that are needed.`);
  }
  return missing;
}
