import fc from 'fast-check';
import { emptyHistogram, type Histogram, HistogramRecorder } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

/** A sample of a pool at rest. */
export function sampleAt(atMs: number, overrides: Partial<PoolSample> = {}): PoolSample {
  return {
    ...{ profileId: 'a', atMs, intervalMs: 1000, idle: 1, used: 0, connecting: 0, pending: 0 },
    ...{ usedPeak: 0, pendingPeak: 0, longestPendingMs: 0, min: 0, max: 10 },
    ...{ acquired: 0, released: 0, opened: 0, closed: 0, waitTimeouts: 0, connectTimeouts: 0 },
    ...{ connectFailures: 0, connectionErrors: 0, healthCheck: null },
    ...{ waitMs: emptyHistogram(), holdMs: emptyHistogram(), connectMs: emptyHistogram() },
    ...overrides,
  };
}

export function histogramOf(durations: Iterable<number>): Histogram {
  const recorder = new HistogramRecorder();
  for (const ms of durations) recorder.record(ms);
  return recorder.take();
}

/** Durations over the whole scale, from below the lowest bucket to days. */
export const durationMs = fc.oneof(
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.double({ min: 0, max: 3e8, noNaN: true }),
  fc.constantFrom(0, 0.001, 1, 1.05, 1000),
);

export const anyHistogram = fc.array(durationMs, { maxLength: 30 }).map(histogramOf);

const gauge = fc.nat(1000);
const counter = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat().map((n) => n % 2 ** 40),
);

/** Any sample a pool may bring, at a moment given or any. */
export function anySample(atMs: fc.Arbitrary<number> = fc.double({ min: 0, max: 4e12, noNaN: true })) {
  return fc.record<PoolSample>({
    ...{ profileId: fc.constant('a'), atMs, intervalMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }) },
    ...{ idle: gauge, used: gauge, connecting: gauge, pending: gauge, usedPeak: gauge, pendingPeak: gauge },
    ...{ longestPendingMs: durationMs, min: gauge, max: gauge },
    ...{ acquired: counter, released: counter, opened: counter, closed: counter, waitTimeouts: counter },
    ...{ connectTimeouts: counter, connectFailures: counter, connectionErrors: counter },
    ...{ waitMs: anyHistogram, holdMs: anyHistogram, connectMs: anyHistogram },
    healthCheck: fc.option(fc.record({ roundTripMs: fc.option(durationMs) })),
  });
}
