import type { MachineSample } from './machine.ts';

type Rate = Exclude<keyof MachineSample, 'atMs' | 'intervalMs'>;

/** The mean over time of what is known of a figure; null when nothing is. */
export function meanOverTime(samples: readonly MachineSample[], figure: Rate): number | null {
  let sum = 0;
  let knownMs = 0;
  for (const sample of samples) {
    const value = sample[figure];
    if (value === null) continue;
    sum += value * sample.intervalMs;
    knownMs += sample.intervalMs;
  }
  return knownMs === 0 ? null : sum / knownMs;
}

/** One sample for a stretch that several cover, oldest first; at least one. */
export function foldMachineSamples(samples: readonly [MachineSample, ...MachineSample[]]): MachineSample {
  const last = samples.at(-1) ?? samples[0];
  const mean = (figure: Rate) => meanOverTime(samples, figure);
  return {
    atMs: last.atMs,
    intervalMs: samples.reduce((sum, { intervalMs }) => sum + intervalMs, 0),
    cpu: mean('cpu'),
    memoryUsedBytes: mean('memoryUsedBytes') ?? last.memoryUsedBytes,
    memoryTotalBytes: last.memoryTotalBytes,
    diskReadBytesPerSecond: mean('diskReadBytesPerSecond'),
    diskWrittenBytesPerSecond: mean('diskWrittenBytesPerSecond'),
    receivedBytesPerSecond: mean('receivedBytesPerSecond'),
    sentBytesPerSecond: mean('sentBytesPerSecond'),
    poolscopeCpu: mean('poolscopeCpu'),
    poolscopeMemoryBytes: mean('poolscopeMemoryBytes') ?? last.poolscopeMemoryBytes,
  };
}

/** One sample for each bucket that has any. @param samples oldest first */
export function foldPerBucket(samples: Iterable<MachineSample>, bucketMs: number): MachineSample[] {
  const buckets: [MachineSample, ...MachineSample[]][] = [];
  let bucket = Number.NaN;
  for (const sample of samples) {
    const own = Math.floor(sample.atMs / bucketMs);
    if (own === bucket) buckets.at(-1)?.push(sample);
    else buckets.push([sample]);
    bucket = own;
  }
  return buckets.map(foldMachineSamples);
}
