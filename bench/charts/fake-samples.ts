import { emptyHistogram, HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { seededRandom } from '#shared/model/seeded-random.ts';

/** The profile every fake sample belongs to. */
export const benchProfileId = 'bench';

const max = 10;

const random = seededRandom(7);
const exponential = (mean: number) => -Math.log(1 - random()) * mean;

/** A busy second of a pool of ten: load swells and falls, sometimes beyond what it can serve. */
export function busySample(second: number, atMs: number): PoolSample {
  const load = 0.55 + 0.3 * Math.sin(second / 47) + 0.12 * Math.sin(second / 11) + 0.1 * (random() - 0.5);
  const used = Math.max(0, Math.min(max, Math.round(load * max)));
  const pending = load > 0.9 ? Math.round(exponential(3)) : 0;
  const acquired = Math.round(load * 220);
  const wait = new HistogramRecorder();
  const hold = new HistogramRecorder();
  for (let i = 0; i < acquired; i++) {
    wait.record(load > 0.85 ? exponential(18) : exponential(0.3));
    hold.record(4 + exponential(12));
  }
  return {
    profileId: benchProfileId,
    atMs,
    intervalMs: 1000,
    idle: Math.max(0, max - used - (second % 40 === 0 ? 1 : 0)),
    used,
    connecting: second % 40 === 0 && used < max ? 1 : 0,
    pending,
    usedPeak: Math.min(max, used + Math.round(random() * 2)),
    pendingPeak: pending + Math.round(random() * (pending > 0 ? 3 : 0)),
    longestPendingMs: pending > 0 ? exponential(40) : 0,
    min: 2,
    max,
    acquired,
    released: acquired,
    opened: 0,
    closed: 0,
    waitTimeouts: pending > 6 ? 1 + Math.round(random() * 2) : 0,
    connectTimeouts: 0,
    connectFailures: 0,
    connectionErrors: second % 97 === 0 ? 1 : 0,
    waitMs: wait.take(),
    holdMs: hold.take(),
    connectMs: emptyHistogram(),
    healthCheck: second % 5 === 0 ? { roundTripMs: 0.4 + exponential(0.3) } : null,
  };
}

/** A second in which the server is away: nothing is handed out, connecting fails. */
export function downSample(second: number, atMs: number): PoolSample {
  const none = emptyHistogram();
  return {
    ...busySample(second, atMs),
    idle: 0,
    used: 0,
    usedPeak: 0,
    connecting: 1,
    pending: 3,
    pendingPeak: 4,
    longestPendingMs: 2400,
    acquired: 0,
    released: 0,
    waitTimeouts: 1,
    connectTimeouts: second % 3 === 0 ? 1 : 0,
    connectFailures: 2,
    connectionErrors: second % 30 === 0 ? 6 : 0,
    waitMs: none,
    holdMs: none,
    healthCheck: second % 2 === 0 ? { roundTripMs: null } : null,
  };
}
