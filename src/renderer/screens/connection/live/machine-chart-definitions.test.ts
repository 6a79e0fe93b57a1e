import { describe, expect, it } from 'vitest';
import type { MachineSample } from '#shared/model/machine.ts';
import { formatShare, machineCharts } from './machine-chart-definitions.ts';

const sample = (over: Partial<MachineSample>): MachineSample => ({
  ...{ atMs: 5000, intervalMs: 5000, cpu: null, memoryUsedBytes: 1e9, memoryTotalBytes: 4e9 },
  ...{ diskReadBytesPerSecond: null, diskWrittenBytesPerSecond: null, receivedBytesPerSecond: null },
  ...{ sentBytesPerSecond: null, poolscopeCpu: null, poolscopeMemoryBytes: 2e8 },
  ...over,
});

const drawn = (key: string, ticks: MachineSample[]) => {
  const series = machineCharts.flatMap((chart) => chart.series).find((other) => other.key === key);
  const last = ticks.at(-1) ?? sample({});
  return series?.value({ startMs: 0, ticks, last });
};

describe('the charts of this machine', () => {
  it('draw the mean over the time that samples cover, a long one counting for more', () => {
    const ticks = [sample({ cpu: 0.2 }), sample({ cpu: 0.8, intervalMs: 15_000 })];
    expect(drawn('cpu', ticks)).toBeCloseTo(0.65, 10);
  });

  it('draw a gap where the system does not tell', () => {
    expect(drawn('diskReadBytesPerSecond', [sample({})])).toBeNull();
    expect(drawn('diskReadBytesPerSecond', [sample({}), sample({ diskReadBytesPerSecond: 7 })])).toBe(7);
  });

  it('write small shares so that they can be told from none', () => {
    expect([0, 0.0001, 0.004, 0.371, 1].map(formatShare)).toEqual([
      '0 %',
      '<0.1 %',
      '0.4 %',
      '37 %',
      '100 %',
    ]);
  });
});
