import { emptyHistogram, HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

/** A quiet second of a pool of ten, changed as the test needs. */
export function sampleAt(atMs: number, changes: Partial<PoolSample> = {}): PoolSample {
  return {
    profileId: 'pool-1',
    atMs,
    intervalMs: 1000,
    idle: 2,
    used: 0,
    connecting: 0,
    pending: 0,
    usedPeak: 0,
    pendingPeak: 0,
    longestPendingMs: 0,
    min: 0,
    max: 10,
    acquired: 0,
    released: 0,
    opened: 0,
    closed: 0,
    waitTimeouts: 0,
    connectTimeouts: 0,
    connectFailures: 0,
    connectionErrors: 0,
    waitMs: emptyHistogram(),
    holdMs: emptyHistogram(),
    connectMs: emptyHistogram(),
    healthCheck: null,
    ...changes,
  };
}

export function histogramOf(...durationsMs: number[]) {
  const recorder = new HistogramRecorder();
  for (const ms of durationsMs) recorder.record(ms);
  return recorder.take();
}
