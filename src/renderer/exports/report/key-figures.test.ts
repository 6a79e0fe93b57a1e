import { describe, expect, it } from 'vitest';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { keyFigures } from './key-figures.ts';

const startMs = 1_000_000;
const view = (buckets: Bucket[]) => ({ fromMs: startMs, toMs: startMs + 10_000, bucketMs: 1000, buckets });
const figure = (buckets: Bucket[], label: string) =>
  keyFigures(view(buckets)).find((other) => other.label === label)?.value;

describe('the key figures of a range', () => {
  const buckets: Bucket[] = [];
  const samples = [
    sampleAt(startMs - 5000, { used: 99, usedPeak: 99, waitTimeouts: 50 }),
    sampleAt(startMs + 500, {
      used: 3,
      usedPeak: 9,
      pendingPeak: 4,
      waitMs: histogramOf([1, 1, 1]),
      acquired: 3,
    }),
    sampleAt(startMs + 1500, {
      ...{ used: 5, usedPeak: 5, waitTimeouts: 2, connectTimeouts: 1, connectFailures: 4 },
      ...{ waitMs: histogramOf([100]), acquired: 1, healthCheck: { roundTripMs: 0.4 } },
    }),
    sampleAt(startMs + 2500, { healthCheck: { roundTripMs: 12 } }),
    sampleAt(startMs + 3500, { healthCheck: { roundTripMs: null } }),
  ];
  for (const sample of samples) foldSample(buckets, sample, 1000);

  it('take the peak between samples, and leave out what lies before the range', () => {
    expect(figure(buckets, 'Connections used, highest')).toBe('9 of 10');
    expect(figure(buckets, 'Pending requests, peak')).toBe('4');
  });

  it('take percentiles over all requests of the range, not over percentiles', () => {
    expect(figure(buckets, 'Wait p50')).toBe('1.0 ms');
    expect(figure(buckets, 'Wait p99')).toBe('100 ms');
  });

  it('count timeouts, errors and failed checks, saying which', () => {
    expect(figure(buckets, 'Timeouts')).toBe('3 (2 waiting, 1 connecting)');
    expect(figure(buckets, 'Errors')).toBe('4 (4 connecting)');
    expect(figure(buckets, 'Health checks failed')).toBe('1 of 3');
  });

  it('give the round trip from shortest to longest, and how much of the range was sampled', () => {
    expect(figure(buckets, 'Round trip, shortest to longest')).toBe('0.4 ms to 12 ms');
    expect(figure(buckets, 'Time sampled')).toBe('4.0 s of 10 s');
    expect(figure(buckets, 'Handed out')).toBe('4 (1.0/s)');
  });

  it('are none without samples', () => {
    expect(keyFigures(view([]))).toEqual([]);
  });

  it('say unknown, not 0, where nothing was measured', () => {
    const quiet: Bucket[] = [];
    foldSample(quiet, sampleAt(startMs + 500), 1000);
    expect(figure(quiet, 'Wait p95')).toBe('–');
    expect(figure(quiet, 'Round trip, shortest to longest')).toBe('–');
  });
});
