import type { MachineSample } from '#shared/model/machine.ts';
import type { ByteCounts } from './proc-files.ts';
import type { MachineReading } from './read-machine.ts';

/** A counter's growth; null where it is not known, or was set back: a disk was taken out, say. */
export function growth(before: number | undefined, after: number | undefined): number | null {
  if (before === undefined || after === undefined || after < before) return null;
  return after - before;
}

/** What happened between two readings. @param intervalMs the true time between them, more than 0 */
export function sampleBetween(
  before: MachineReading,
  after: MachineReading,
  { atMs, intervalMs }: { atMs: number; intervalMs: number },
): MachineSample {
  const perSecond = (key: 'disk' | 'network', side: keyof ByteCounts) => {
    const bytes = growth(before[key]?.[side], after[key]?.[side]);
    return bytes === null ? null : (bytes * 1000) / intervalMs;
  };
  const busy = growth(before.cpu?.busy, after.cpu?.busy);
  const all = growth(before.cpu?.all, after.cpu?.all);
  const ownMs = growth(before.processCpuMs, after.processCpuMs);
  const asShare = (share: number) => Math.min(1, share);
  return {
    atMs,
    intervalMs,
    cpu: busy === null || all === null || all === 0 ? null : asShare(busy / all),
    memoryUsedBytes: after.memoryUsedBytes,
    memoryTotalBytes: after.memoryTotalBytes,
    diskReadBytesPerSecond: perSecond('disk', 'inBytes'),
    diskWrittenBytesPerSecond: perSecond('disk', 'outBytes'),
    receivedBytesPerSecond: perSecond('network', 'inBytes'),
    sentBytesPerSecond: perSecond('network', 'outBytes'),
    poolscopeCpu: ownMs === null ? null : asShare(ownMs / intervalMs / after.processors),
    poolscopeMemoryBytes: after.processMemoryBytes,
  };
}
