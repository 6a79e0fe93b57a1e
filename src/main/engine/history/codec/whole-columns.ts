import type { PoolSample } from '#shared/model/pool-sample.ts';
import { microseconds, milliseconds } from './split-values.ts';

/** One whole number of a sample: how it is told from the rest of the sample, and put back. */
export interface WholeColumn {
  /** Changes from second to second, so that a section and a code of its own pays. */
  noisy?: true;
  cell(sample: PoolSample): number;
  restore(sample: PoolSample, value: number): void;
}

const plain = (name: keyof PoolSample): WholeColumn => ({
  cell: (sample) => sample[name] as number,
  restore(sample, value) {
    (sample[name] as number) = value;
  },
});

/**
 * In this order, and restored in it: a column may build on those before. What follows from another
 * is kept as the difference: the idle from the total of connections, a peak from the value.
 */
export const wholeColumns: readonly WholeColumn[] = [
  {
    cell: (sample) => sample.idle + sample.used + sample.connecting,
    restore(sample, total) {
      sample.idle = total;
    },
  },
  {
    noisy: true,
    cell: (sample) => sample.used,
    restore(sample, used) {
      sample.used = used;
      sample.idle -= used;
    },
  },
  {
    cell: (sample) => sample.connecting,
    restore(sample, connecting) {
      sample.connecting = connecting;
      sample.idle -= connecting;
    },
  },
  plain('pending'),
  {
    noisy: true,
    cell: (sample) => sample.usedPeak - sample.used,
    restore(sample, more) {
      sample.usedPeak = sample.used + more;
    },
  },
  {
    cell: (sample) => sample.pendingPeak - sample.pending,
    restore(sample, more) {
      sample.pendingPeak = sample.pending + more;
    },
  },
  {
    cell: (sample) => microseconds(sample.longestPendingMs),
    restore(sample, us) {
      sample.longestPendingMs = milliseconds(us);
    },
  },
  plain('min'),
  plain('max'),
  { ...plain('acquired'), noisy: true },
  {
    cell: (sample) => sample.released - sample.acquired,
    restore(sample, more) {
      sample.released = sample.acquired + more;
    },
  },
  plain('opened'),
  plain('closed'),
  plain('waitTimeouts'),
  plain('connectTimeouts'),
  plain('connectFailures'),
  plain('connectionErrors'),
];
