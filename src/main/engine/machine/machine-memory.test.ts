import { describe, expect, it } from 'vitest';
import type { MachineSample } from '#shared/model/machine.ts';
import { MachineMemory } from './machine-memory.ts';

const startMs = 1_790_000_040_000;
const hourMs = 3_600_000;

const sample = (atMs: number, over: Partial<MachineSample> = {}): MachineSample => ({
  ...{ atMs, intervalMs: 5000, cpu: 0.5, memoryUsedBytes: 1e9, memoryTotalBytes: 4e9 },
  ...{ diskReadBytesPerSecond: 100, diskWrittenBytesPerSecond: null, receivedBytesPerSecond: 0 },
  ...{ sentBytesPerSecond: 0, poolscopeCpu: 0.1, poolscopeMemoryBytes: 2e8 },
  ...over,
});

/** A memory of so many hours, a sample each five seconds. */
function remembering(hours: number) {
  const memory = new MachineMemory();
  const endMs = startMs + hours * hourMs;
  for (let atMs = startMs; atMs <= endMs; atMs += 5000)
    memory.add(sample(atMs, { cpu: (atMs / 5000) % 2 === 0 ? 0.2 : 0.4 }));
  return { memory, endMs };
}

describe('what is remembered of the machine', () => {
  it('is every sample of the last hour and a mean of each minute before, without a hole or an overlap', () => {
    const { memory, endMs } = remembering(3);
    const all = memory.range(0, endMs);
    const recent = all.filter(({ atMs }) => atMs > endMs - hourMs);
    expect(recent).toHaveLength(720);
    const minutes = all.filter(({ intervalMs }) => intervalMs > 5000);
    expect(minutes.length).toBeGreaterThanOrEqual(118);
    expect(minutes.slice(1, -1).every(({ intervalMs }) => intervalMs === 60_000)).toBe(true);
    expect(minutes.at(5)?.cpu).toBeCloseTo(0.3, 10);
    expect(minutes.at(5)).toMatchObject({ diskReadBytesPerSecond: 100, diskWrittenBytesPerSecond: null });
    for (const [i, { atMs, intervalMs }] of all.entries())
      if (i > 0) expect(atMs - (all[i - 1]?.atMs ?? 0)).toBe(intervalMs);
  });

  it('reaches back a day and no further', () => {
    const { memory, endMs } = remembering(26);
    const all = memory.range(0, endMs);
    expect(endMs - (all[0]?.atMs ?? 0)).toBeLessThanOrEqual(24 * hourMs);
    expect(endMs - (all[0]?.atMs ?? 0)).toBeGreaterThan(24 * hourMs - 120_000);
    expect(all.length).toBeLessThan(2200);
  });

  it('answers the span that is asked for', () => {
    const { memory, endMs } = remembering(1);
    const some = memory.range(endMs - 20_000, endMs - 5000);
    expect(some.map(({ atMs }) => endMs - atMs)).toEqual([20_000, 15_000, 10_000, 5000]);
  });

  it('forgets the future when the clock is set back', () => {
    const { memory, endMs } = remembering(1);
    memory.add(sample(endMs - 600_000));
    expect(memory.range(0, endMs + hourMs).at(-1)?.atMs).toBe(endMs - 600_000);
  });
});
