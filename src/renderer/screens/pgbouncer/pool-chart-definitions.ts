import type { PoolerGrowth } from '#shared/model/pooler.ts';
import { atOnce, type GrowthName, meanMs, perSecond } from '#shared/model/pooler-growth.ts';
import type { PoolerCounts, PoolerPoint, PoolScope } from '#shared/model/pooler-point.ts';
import type { ChartLook } from '../../charts/chart-look.ts';
import {
  formatCount,
  formatCountTick,
  formatDuration,
  formatDurationTick,
  formatRate,
} from '../../charts/formats.ts';
import type { SeriesDefinition } from '../../charts/series.ts';
import type { TickSlot } from '../../live/tick-series.ts';
import { formatByteRate, formatByteTick } from './byte-rate.ts';

type PoolerSlot = TickSlot<PoolerPoint>;
type Definition = SeriesDefinition<PoolerSlot>;

export interface PoolChart extends ChartLook {
  title: string;
  unit: string;
  series: readonly Definition[];
  wide?: boolean;
}

const counts: ChartLook = {
  format: formatCount,
  formatTick: formatCountTick,
  valueUnit: '',
  leastTop: 1,
  wholeNumbers: true,
  readoutChars: 5,
};
const durations: ChartLook = {
  format: formatDuration,
  formatTick: formatDurationTick,
  valueUnit: 'ms',
  leastTop: 1,
  wholeNumbers: false,
  readoutChars: 8,
};
const rates: ChartLook = {
  ...counts,
  format: formatRate,
  valueUnit: 'per second',
  wholeNumbers: false,
  readoutChars: 8,
};
const bytes: ChartLook = {
  ...counts,
  format: formatByteRate,
  formatTick: formatByteTick,
  valueUnit: 'bytes per second',
  leastTop: 1000,
  wholeNumbers: false,
  readoutChars: 9,
};

type Look = Pick<Definition, 'color' | 'dash' | 'width'>;

const line = (
  key: string,
  label: string,
  look: Look,
  valueIn: (point: PoolerPoint) => number | null,
): Definition => ({ key, label, kind: 'line', ...look, value: ({ last }) => valueIn(last) });

const grown = (
  key: string,
  label: string,
  look: Look,
  valueIn: (growth: PoolerGrowth) => number | null,
): Definition => line(key, label, look, ({ growth }) => valueIn(growth));

const rate = (name: GrowthName, label: string, look: Look): Definition =>
  grown(name, label, look, (growth) => perSecond(growth, name));

/** States of one moment add up: the busiest of a stretch stands for it. */
const stacked = (
  key: Exclude<keyof PoolerCounts, 'atMs'>,
  label: string,
  color: string,
  fill: NonNullable<Definition['fill']> = 'solid',
): Definition => ({
  ...{ key, label, color, fill },
  kind: 'area-stack',
  value: ({ last }) => last.busiest[key],
});

/** The charts of the pools in a scope, in reading order. Rates are the pooler's per database, not per user. */
export function poolCharts(scope: PoolScope): PoolChart[] {
  const ofDatabase = scope.database === null ? '' : ', whole database';
  return [
    {
      ...counts,
      title: 'Server connections by state',
      unit: 'connections, at the busiest moment',
      wide: true,
      series: [
        stacked('svActive', 'Active', '--series-used'),
        stacked('svLogin', 'Logging in', '--series-connecting', 'striped'),
        stacked('svTested', 'Tested', '--series-connecting', 'dotted'),
        stacked('svCanceling', 'Cancelling', '--series-errors', 'striped'),
        stacked('svUsed', 'Used (to be tested)', '--series-idle', 'striped'),
        stacked('svIdle', 'Idle', '--series-idle', 'faint'),
        {
          key: 'poolSize',
          label: 'Pool size',
          color: '--series-max',
          kind: 'step',
          dash: '6 4',
          value: ({ last }) => last.busiest.poolSize,
        },
      ],
    },
    {
      ...counts,
      title: 'Clients',
      unit: 'waiting below those active, at the busiest moment',
      series: [
        stacked('clWaiting', 'Waiting', '--series-pending'),
        stacked('clActive', 'Active, idle ones too', '--series-used', 'faint'),
      ],
    },
    {
      ...durations,
      title: 'Wait for a server connection',
      unit: 'longest, and mean',
      series: [
        line('maxwait', 'maxwait', { color: '--series-p99', width: 2.25 }, ({ maxwaitMs }) => maxwaitMs),
        grown('meanWait', 'Mean wait', { color: '--series-p50' }, (growth) =>
          meanMs(growth, 'waitMs', 'waits'),
        ),
      ],
    },
    {
      ...rates,
      title: 'Queries',
      unit: `per second${ofDatabase}`,
      series: [
        rate('queries', 'Queries', { color: '--series-throughput' }),
        rate('transactions', 'Transactions', { color: '--series-health', dash: '6 3' }),
      ],
    },
    {
      ...bytes,
      title: 'Traffic',
      unit: `bytes per second${ofDatabase}`,
      series: [
        rate('sentBytes', 'To clients', { color: '--series-throughput' }),
        rate('receivedBytes', 'From clients', { color: '--series-hold', dash: '6 3' }),
      ],
    },
    {
      ...durations,
      title: 'Mean time of a query and a transaction',
      unit: `at the server${ofDatabase}`,
      series: [
        grown('query', 'Query', { color: '--series-throughput' }, (growth) =>
          meanMs(growth, 'queryMs', 'queries'),
        ),
        grown('transaction', 'Transaction', { color: '--series-hold', dash: '6 3' }, (growth) =>
          meanMs(growth, 'transactionMs', 'transactions'),
        ),
      ],
    },
    {
      ...counts,
      title: 'Busy and queued, on average',
      unit: `of all the time${ofDatabase}`,
      wholeNumbers: false,
      format: (value) => value.toFixed(1),
      readoutChars: 6,
      series: [
        grown('busyServers', 'Servers in a transaction', { color: '--series-used' }, (growth) =>
          atOnce(growth, 'transactionMs'),
        ),
        grown(
          'waitingClients',
          'Clients in the queue',
          { color: '--series-pending', width: 2.25 },
          (growth) => atOnce(growth, 'waitMs'),
        ),
      ],
    },
  ];
}
