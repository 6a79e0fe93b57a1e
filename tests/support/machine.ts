import type { MachineSample } from '#shared/model/machine.ts';

/** Five seconds of a machine of which the bytes written to disk are not known. */
export const machineSampleAt = (atMs: number, changes: Partial<MachineSample> = {}): MachineSample => ({
  ...{ atMs, intervalMs: 5000, cpu: 0.5, memoryUsedBytes: 1e9, memoryTotalBytes: 4e9 },
  ...{ diskReadBytesPerSecond: 128, diskWrittenBytesPerSecond: null, receivedBytesPerSecond: 0 },
  ...{ sentBytesPerSecond: 0, poolscopeCpu: 0.125, poolscopeMemoryBytes: 2e8 },
  ...changes,
});
