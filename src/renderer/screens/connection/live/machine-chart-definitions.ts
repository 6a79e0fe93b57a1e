import type { MachineSample } from '#shared/model/machine.ts';
import { meanOverTime } from '#shared/model/machine-fold.ts';
import type { ChartLook } from '../../../charts/chart-look.ts';
import type { SeriesDefinition } from '../../../charts/series.ts';
import { formatBytes } from '../../../kit/byte-words.ts';
import type { TickSlot } from '../../../live/tick-series.ts';
import { formatByteRate, formatByteTick } from '../../pgbouncer/byte-rate.ts';

type MachineSlot = TickSlot<MachineSample>;
type Definition = SeriesDefinition<MachineSlot>;

interface MachineChart extends ChartLook {
  title: string;
  unit: string;
  series: readonly Definition[];
}

/** A share of the processors: "0.4 %", "37 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent <= 0) return '0 %';
  if (percent < 0.05) return '<0.1 %';
  return percent < 9.95 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}

const shares: ChartLook = {
  format: formatShare,
  formatTick: (share) => `${Number((share * 100).toPrecision(3))} %`,
  valueUnit: '',
  leastTop: 0.1,
  wholeNumbers: false,
  readoutChars: 6,
};
const sizes: ChartLook = {
  ...{ format: formatBytes, formatTick: formatByteTick, valueUnit: 'bytes', leastTop: 1e6 },
  ...{ wholeNumbers: false, readoutChars: 7 },
};
const rates: ChartLook = {
  ...{ format: formatByteRate, formatTick: formatByteTick, valueUnit: 'bytes per second' },
  ...{ leastTop: 1000, wholeNumbers: false, readoutChars: 11 },
};

const line = (
  key: Exclude<keyof MachineSample, 'atMs' | 'intervalMs'>,
  label: string,
  look: Pick<Definition, 'color' | 'dash' | 'width'>,
): Definition => ({ key, label, kind: 'line', ...look, value: ({ ticks }) => meanOverTime(ticks, key) });

const whole: Pick<Definition, 'color' | 'width'> = { color: '--series-throughput', width: 2.25 };
const poolscope: Pick<Definition, 'color' | 'dash'> = { color: '--series-hold', dash: '6 3' };

/** The machine that runs Poolscope, in reading order; each value is a mean over its bucket. */
export const machineCharts: readonly MachineChart[] = [
  {
    ...shares,
    title: 'Processors',
    unit: 'busy share of all together',
    series: [line('cpu', 'This machine', whole), line('poolscopeCpu', 'Poolscope', poolscope)],
  },
  {
    ...sizes,
    title: 'Memory',
    unit: 'in use',
    series: [
      line('memoryUsedBytes', 'This machine', whole),
      line('poolscopeMemoryBytes', 'Poolscope', poolscope),
      {
        ...{ key: 'memoryTotalBytes', label: 'Size', color: '--series-max', kind: 'step', dash: '6 4' },
        value: ({ last }) => last.memoryTotalBytes,
      },
    ],
  },
  {
    ...rates,
    title: 'Disks',
    unit: 'bytes per second',
    series: [
      line('diskReadBytesPerSecond', 'Read', whole),
      line('diskWrittenBytesPerSecond', 'Written', poolscope),
    ],
  },
  {
    ...rates,
    title: 'Network',
    unit: 'bytes per second, without loopback',
    series: [
      line('receivedBytesPerSecond', 'Received', whole),
      line('sentBytesPerSecond', 'Sent', poolscope),
    ],
  },
];
