import type { Evidence } from './evidence.ts';
import { atOnce, type Minute, minuteMs } from './minutes.ts';
import type { Trouble } from './trouble.ts';
import { counted, inWords } from './words.ts';

/** Holds this much longer in busy minutes than in calm ones are no coincidence. */
const slowedTimes = 2;
const grownTimes = 1.5;
const enoughReleases = 100;

/** More connections make the same work slower: the server is the limit, not the pool. */
export function slowServerTrouble(evidence: Evidence): Trouble | null {
  return grownInVain(evidence.measured.minutes) ?? slowedByLoad(evidence);
}

/** Weighted by what was released; null where that was too little. */
function meanHoldMs(minutes: readonly Minute[]): number | null {
  let [sum, count] = [0, 0];
  for (const { holdMeanMs, released } of minutes) {
    sum += (holdMeanMs ?? 0) * released;
    count += released;
  }
  return count < enoughReleases ? null : sum / count;
}

const ratePerS = (minutes: readonly Minute[]): number =>
  (minutes.reduce((sum, { released }) => sum + released, 0) * 1000) /
  minutes.reduce((sum, { coveredMs }) => sum + coveredMs, 0);

/** The maximum was raised within the range, holds got longer, and no more got done. */
function grownInVain(minutes: readonly Minute[]): Trouble | null {
  const busy = minutes.filter(({ usedMax, maxSetting }) => usedMax >= maxSetting);
  const sizes = [...new Set(busy.map(({ maxSetting }) => maxSetting))].sort((a, b) => a - b);
  const [small, large] = [sizes[0], sizes.at(-1)];
  if (small === undefined || large === undefined || small === large) return null;
  const at = (size: number) => busy.filter(({ maxSetting }) => maxSetting === size);
  const [before, after] = [meanHoldMs(at(small)), meanHoldMs(at(large))];
  if (before === null || after === null) return null;
  if (after < grownTimes * before || ratePerS(at(large)) > 1.1 * ratePerS(at(small))) return null;
  return slow(
    `With ${large} connections instead of ${small} each hold takes ${inWords(after)} instead of ${inWords(before)}, and no more gets done.`,
    `Go back towards ${small}: requests wait in the pool instead of in the server, and finish no later.`,
  );
}

/** Holds are longer in busy minutes, and the server has more to do at once than its cores can. */
function slowedByLoad(evidence: Evidence): Trouble | null {
  const { measured, cores } = evidence;
  if (cores === null) return null;
  const ranked = measured.minutes
    .filter(({ released }) => released > 0)
    .sort((a, b) => atOnce(a) - atOnce(b));
  const busy = ranked.slice(Math.floor(ranked.length * 0.9));
  const calm = ranked.slice(0, Math.floor(ranked.length / 2));
  const [slowMs, calmMs] = [meanHoldMs(busy), meanHoldMs(calm)];
  if (slowMs === null || calmMs === null || slowMs < slowedTimes * calmMs) return null;
  const most = mostWorking(evidence, busy);
  if (most <= 2 * cores.count) return null;
  return slow(
    `In busy minutes a hold takes ${inWords(slowMs)} instead of ${inWords(calmMs)}, while ${counted(most, 'session')} of the server work at once on ${counted(cores.count, 'core')}.`,
    'Make the slowest statements cheaper (an index, fewer rows), or give the server more cores.',
  );
}

/** Waits that take nothing of the server: for locks, clients, time to pass, other processes. */
const idleWaits = new Set(['Lock', 'Client', 'Timeout', 'IPC', 'Activity', 'Extension']);

/**
 * Sessions that worked at once: now, where a busy minute is now, without those that only wait; else as
 * many as were active in a busy minute.
 */
function mostWorking({ measured, points, server }: Evidence, busy: readonly Minute[]): number {
  const reading = server?.reading ?? null;
  const latest = measured.minutes.at(-1);
  if (reading !== null && latest !== undefined && busy.includes(latest)) {
    return reading.sessions.filter(
      ({ state, waitEventType }) => state === 'active' && !idleWaits.has(waitEventType ?? ''),
    ).length;
  }
  const starts = new Set(busy.map(({ startMs }) => startMs));
  return points
    .filter(({ atMs }) => starts.has(Math.floor(atMs / minuteMs) * minuteMs))
    .reduce((most, { states }) => Math.max(most, states.active), 0);
}

const slow = (evidence: string, step: string): Trouble => ({
  verdict: 'slowServer',
  headline: 'Not a size problem: the server gets slower the more it is asked.',
  reasons: [evidence, 'More connections would make every one of them slower.'],
  steps: [step, 'Look at what runs longest in the Sessions tab.'],
  holders: [],
});
