import type { PoolerPool, PoolerRates, PoolerTick } from '#shared/model/pooler.ts';
import type { ChartLook } from '../../charts/chart-look.ts';
import {
  formatCount,
  formatCountTick,
  formatDuration,
  formatDurationTick,
  formatRate,
} from '../../charts/formats.ts';
import type { SeriesDefinition } from '../../charts/series.ts';
import { largestOf, sumOf } from '../../live/pooler/latest-ticks.ts';
import type { TickSlot } from '../../live/tick-series.ts';
import { formatByteRate, formatByteTick } from './byte-rate.ts';
import { type PoolScope, poolsIn } from './pool-scope.ts';

type PoolerSlot = TickSlot<PoolerTick>;
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

/** The largest of a slot's ticks: a queue of one second is not to be missed. */
function peak({ ticks }: PoolerSlot, valueIn: (tick: PoolerTick) => number | null): number | null {
  let most: number | null = null;
  for (const tick of ticks) {
    const value = valueIn(tick);
    if (value !== null && (most === null || value > most)) most = value;
  }
  return most;
}

/** The charts of the pools in a scope, in reading order. Rates are the pooler's per database, not per user. */
export function poolCharts(scope: PoolScope): PoolChart[] {
  const pools = (tick: PoolerTick) => poolsIn(tick, scope);
  const ratesIn = ({ rates: all }: PoolerTick): PoolerRates[] =>
    scope.database === null ? all : all.filter(({ database }) => database === scope.database);
  const sumRates = (tick: PoolerTick, key: Exclude<keyof PoolerRates, 'database'>) => {
    const known = ratesIn(tick).flatMap((rate) => (rate[key] === null ? [] : [rate[key]]));
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  };
  const largestRate = (tick: PoolerTick, key: Exclude<keyof PoolerRates, 'database'>) => {
    const known = ratesIn(tick).flatMap((rate) => (rate[key] === null ? [] : [rate[key]]));
    return known.length === 0 ? null : Math.max(...known);
  };
  // States of one moment add up; the last of a slot stands for it.
  const stacked = (
    key: string,
    label: string,
    color: string,
    valueIn: (pool: PoolerPool) => number | null,
    fill: NonNullable<Definition['fill']> = 'solid',
  ): Definition => ({
    key,
    label,
    color,
    kind: 'area-stack',
    fill,
    value: ({ last }) => sumOf(pools(last), valueIn),
  });
  const rate = (
    key: Exclude<keyof PoolerRates, 'database'>,
    label: string,
    look: Pick<Definition, 'color' | 'dash' | 'width'>,
  ): Definition => ({
    key,
    label,
    kind: 'line',
    ...look,
    value: (slot) => peak(slot, (tick) => sumRates(tick, key)),
  });
  const ofDatabase = scope.database === null ? '' : ', whole database';
  return [
    {
      ...counts,
      title: 'Server connections by state',
      unit: 'connections',
      wide: true,
      series: [
        stacked('svActive', 'Active', '--series-used', ({ svActive }) => svActive),
        stacked('svLogin', 'Logging in', '--series-connecting', ({ svLogin }) => svLogin, 'striped'),
        stacked('svTested', 'Tested', '--series-connecting', ({ svTested }) => svTested, 'dotted'),
        stacked('svCancel', 'Cancelling', '--series-errors', canceling, 'striped'),
        stacked('svUsed', 'Used (to be tested)', '--series-idle', ({ svUsed }) => svUsed, 'striped'),
        stacked('svIdle', 'Idle', '--series-idle', ({ svIdle }) => svIdle, 'faint'),
        {
          key: 'poolSize',
          label: 'Pool size',
          color: '--series-max',
          kind: 'step',
          dash: '6 4',
          value: ({ last }) => sumOf(pools(last), ({ poolSize }) => poolSize),
        },
      ],
    },
    {
      ...counts,
      title: 'Clients',
      unit: 'waiting below those active',
      series: [
        {
          ...stacked('clWaiting', 'Waiting', '--series-pending', ({ clWaiting }) => clWaiting),
          value: (slot) => peak(slot, (tick) => sumOf(pools(tick), ({ clWaiting }) => clWaiting)),
        },
        stacked('clActive', 'Active, idle ones too', '--series-used', ({ clActive }) => clActive, 'faint'),
      ],
    },
    {
      ...durations,
      title: 'Wait for a server connection',
      unit: 'longest now, and mean',
      series: [
        {
          key: 'maxwait',
          label: 'maxwait',
          color: '--series-p99',
          kind: 'line',
          width: 2.25,
          value: (slot) => peak(slot, (tick) => largestOf(pools(tick), ({ maxwaitMs }) => maxwaitMs)),
        },
        {
          key: 'meanWait',
          label: 'Mean wait',
          color: '--series-p50',
          kind: 'line',
          value: (slot) => peak(slot, (tick) => largestRate(tick, 'meanWaitMs')),
        },
      ],
    },
    {
      ...rates,
      title: 'Queries',
      unit: `per second${ofDatabase}`,
      series: [
        rate('queriesPerSecond', 'Queries', { color: '--series-throughput' }),
        rate('transactionsPerSecond', 'Transactions', { color: '--series-health', dash: '6 3' }),
      ],
    },
    {
      ...bytes,
      title: 'Traffic',
      unit: `bytes per second${ofDatabase}`,
      series: [
        rate('sentBytesPerSecond', 'To clients', { color: '--series-throughput' }),
        rate('receivedBytesPerSecond', 'From clients', { color: '--series-hold', dash: '6 3' }),
      ],
    },
    {
      ...durations,
      title: 'Mean time of a query and a transaction',
      unit: `at the server${ofDatabase}`,
      series: [
        {
          key: 'query',
          label: 'Query',
          color: '--series-throughput',
          kind: 'line',
          value: (slot) => peak(slot, (tick) => largestRate(tick, 'meanQueryMs')),
        },
        {
          key: 'transaction',
          label: 'Transaction',
          color: '--series-hold',
          kind: 'line',
          dash: '6 3',
          value: (slot) => peak(slot, (tick) => largestRate(tick, 'meanTransactionMs')),
        },
      ],
    },
    {
      ...counts,
      title: 'Busy and queued, on average',
      unit: `of all the time between samples${ofDatabase}`,
      wholeNumbers: false,
      format: (value) => value.toFixed(1),
      readoutChars: 6,
      series: [
        rate('busyServers', 'Servers in a transaction', { color: '--series-used' }),
        rate('waitingClients', 'Clients in the queue', { color: '--series-pending', width: 2.25 }),
      ],
    },
  ];
}

function canceling({ svActiveCancel, svBeingCanceled }: PoolerPool): number | null {
  if (svActiveCancel === null && svBeingCanceled === null) return null;
  return (svActiveCancel ?? 0) + (svBeingCanceled ?? 0);
}
