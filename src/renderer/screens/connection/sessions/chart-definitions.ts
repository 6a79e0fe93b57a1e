import type { SessionDimension, SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Rates } from '#shared/model/sessions/server.ts';
import type { SessionState } from '#shared/model/sessions/session.ts';
import type { ChartLook } from '../../../charts/chart-look.ts';
import {
  formatCount,
  formatCountTick,
  formatDuration,
  formatDurationTick,
  formatRate,
} from '../../../charts/formats.ts';
import type { SeriesDefinition } from '../../../charts/series.ts';
import type { TickSlot } from '../../../live/tick-series.ts';

export type SessionSlot = TickSlot<SessionsPoint>;
type Definition = SeriesDefinition<SessionSlot>;

/** What the chart of sessions is stacked by. */
export type StackedBy = 'state' | SessionDimension;

/** The moment of a slot that had the most client sessions: a crowd of a second is not to be missed. */
const fullest = ({ ticks, last }: SessionSlot): SessionsPoint =>
  ticks.reduce((most, point) => (point.clients > most.clients ? point : most), last);

const largest = ({ ticks }: SessionSlot, valueIn: (point: SessionsPoint) => number | null) => {
  let most: number | null = null;
  for (const tick of ticks) {
    const value = valueIn(tick);
    if (value !== null && (most === null || value > most)) most = value;
  }
  return most;
};

export const counts: ChartLook = {
  format: formatCount,
  formatTick: formatCountTick,
  valueUnit: '',
  leastTop: 1,
  wholeNumbers: true,
  readoutChars: 5,
};
export const ages: ChartLook = {
  format: formatDuration,
  formatTick: formatDurationTick,
  valueUnit: 'ms',
  leastTop: 1000,
  wholeNumbers: false,
  readoutChars: 9,
};
export const rates: ChartLook = {
  ...counts,
  format: formatRate,
  valueUnit: 'per second',
  wholeNumbers: false,
  readoutChars: 8,
};

const usable: Definition = {
  key: 'usable',
  label: 'Usable slots',
  color: '--series-max',
  kind: 'step',
  dash: '6 4',
  value: (slot) => fullest(slot).usable,
};

const ofState = (
  state: SessionState,
  label: string,
  color: string,
  fill: NonNullable<Definition['fill']> = 'solid',
): Definition => ({
  key: state,
  label,
  color,
  kind: 'area-stack',
  fill,
  value: (slot) => fullest(slot).states[state],
});

const byState: Definition[] = [
  ofState('active', 'Active', '--series-used'),
  ofState('idleInTransaction', 'Idle in transaction', '--series-pending'),
  ofState('idleInTransactionAborted', 'Idle in aborted transaction', '--series-pending', 'striped'),
  ofState('idle', 'Idle', '--series-idle', 'faint'),
  ofState('other', 'Other', '--category-rest', 'dotted'),
  ofState('unknown', 'Unknown', '--category-rest', 'striped'),
  usable,
];

/** Colours and fills of groups, told apart by either. */
const groupLooks: Pick<Definition, 'color' | 'fill'>[] = [
  { color: '--category-1', fill: 'solid' },
  { color: '--category-2', fill: 'striped' },
  { color: '--category-3', fill: 'solid' },
  { color: '--category-4', fill: 'dotted' },
  { color: '--category-5', fill: 'solid' },
  { color: '--category-6', fill: 'striped' },
];
export const mostGroups = groupLooks.length;

/** The largest groups of the points shown, in a lasting order: those shown before keep their places. */
export function groupsToShow(
  slots: readonly SessionSlot[],
  dimension: SessionDimension,
  before: readonly string[],
): string[] {
  const sizes = new Map<string, number>();
  for (const slot of slots) {
    for (const [name, count] of fullest(slot).groups[dimension]) {
      if (count > (sizes.get(name) ?? 0)) sizes.set(name, count);
    }
  }
  const bySize = [...sizes.keys()].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  const top = new Set(bySize.slice(0, mostGroups));
  const kept = before.filter((name) => top.has(name));
  return [...kept, ...[...top].filter((name) => !kept.includes(name))];
}

const unnamed: Record<SessionDimension, string> = {
  application: '(no application name)',
  user: '(no user)',
  database: '(no database)',
  address: '(Unix socket)',
};

export const groupLabel = (dimension: SessionDimension, name: string): string =>
  name === '' ? unnamed[dimension] : name;

/** The series of the stacked chart. `groups` are the names shown; the others stand together. */
export function stackOf(stackedBy: StackedBy, groups: readonly string[]): Definition[] {
  if (stackedBy === 'state') return byState;
  const countOf = (point: SessionsPoint, name: string) =>
    point.groups[stackedBy].find(([group]) => group === name)?.[1] ?? 0;
  return [
    ...groups.slice(0, mostGroups).map(
      (name, i): Definition => ({
        ...(groupLooks[i] as Pick<Definition, 'color' | 'fill'>),
        key: `group:${name}`,
        label: groupLabel(stackedBy, name),
        kind: 'area-stack',
        value: (slot) => countOf(fullest(slot), name),
      }),
    ),
    {
      key: 'rest',
      label: 'All others',
      color: '--category-rest',
      kind: 'area-stack',
      fill: 'faint',
      value: (slot) => {
        const point = fullest(slot);
        return groups.reduce((left, name) => left - countOf(point, name), point.clients);
      },
    },
    usable,
  ];
}

const age = (
  key: 'idleInTransactionMs' | 'transactionMs' | 'blockedMs',
  label: string,
  look: Pick<Definition, 'color' | 'dash' | 'width'>,
): Definition => ({
  key,
  label,
  kind: 'line',
  ...look,
  // Where everything is seen, none is none: the line stands at 0 and does not end.
  value: (slot) => largest(slot, (point) => point[key] ?? (point.full ? 0 : null)),
});

const rate = (
  key: keyof Rates,
  label: string,
  look: Pick<Definition, 'color' | 'dash' | 'width'>,
): Definition => ({
  key,
  label,
  kind: 'line',
  ...look,
  value: (slot) => largest(slot, (point) => point.rates[key]),
});

export interface SessionChart extends ChartLook {
  title: string;
  unit: string;
  series: readonly Definition[];
}

/** The charts beside the stacked one, in reading order. */
export const sideCharts: readonly SessionChart[] = [
  {
    ...counts,
    title: 'Sessions waiting for a lock',
    unit: 'sessions',
    series: [
      {
        key: 'blocked',
        label: 'Blocked',
        color: '--series-pending',
        kind: 'area-stack',
        value: (slot) => largest(slot, (point) => point.blocked),
      },
    ],
  },
  {
    ...ages,
    title: 'Oldest',
    unit: 'age',
    series: [
      age('transactionMs', 'Transaction', { color: '--series-p50' }),
      age('idleInTransactionMs', 'Idle in transaction', { color: '--series-pending', width: 2.25 }),
      age('blockedMs', 'Wait for a lock', { color: '--series-p99', dash: '6 3' }),
    ],
  },
  {
    ...rates,
    title: 'Transactions',
    unit: 'per second, all databases',
    series: [
      rate('commitsPerS', 'Commits', { color: '--series-throughput' }),
      rate('rollbacksPerS', 'Rollbacks', { color: '--series-errors', dash: '6 3' }),
      rate('deadlocksPerS', 'Deadlocks', { color: '--series-p99', width: 2.25 }),
    ],
  },
  {
    ...rates,
    title: 'Sessions begun and lost',
    unit: 'per second, from PostgreSQL 14 on',
    series: [
      rate('sessionsPerS', 'Begun', { color: '--series-throughput' }),
      rate('abandonedPerS', 'Abandoned', { color: '--series-timeouts', dash: '6 3' }),
      rate('fatalPerS', 'Fatal', { color: '--series-errors', width: 2.25 }),
      rate('killedPerS', 'Killed', { color: '--series-p99', dash: '2 3' }),
    ],
  },
];
