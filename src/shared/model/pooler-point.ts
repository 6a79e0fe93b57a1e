import type { PoolerGrowth, PoolerPool, PoolerTick } from './pooler.ts';
import { growthInBoth, growthTogether } from './pooler-growth.ts';

/** Which pools figures and charts are about: one, or (nulls) all. */
export interface PoolScope {
  database: string | null;
  user: string | null;
}

export const everyPool: PoolScope = { database: null, user: null };

/** So many pools of each minute, the busiest, are kept on disk one by one; the sum of all of them is kept as well. */
export const mostKeptPools = 50;

export const countNames = [
  'svActive',
  'svLogin',
  'svTested',
  'svCanceling',
  'svUsed',
  'svIdle',
  'svOpen',
  'poolSize',
  'clActive',
  'clWaiting',
] as const;

/** The pools of a scope at one moment, added up: what adds up belongs to the same moment. Null: not known. */
export interface PoolerCounts extends Record<(typeof countNames)[number], number | null> {
  atMs: number;
}

/**
 * The pools of a scope over a stretch of time, or at one moment: a sample, a minute on disk, a point of
 * a chart. Small, so that months of it can be kept, and mergeable, so that the past and live samples
 * are folded alike.
 */
export interface PoolerPoint {
  /** The first and the last sample in it, by Poolscope's clock. */
  fromMs: number;
  atMs: number;
  /** As it was at the busiest of its moments, so that spikes stay. */
  busiest: PoolerCounts;
  /** The longest that a client had waited at any of them. */
  maxwaitMs: number | null;
  /** The pooler counts by database: the whole database's where the scope is one pool. */
  growth: PoolerGrowth;
}

/** The sum of what is known, null when nothing is: unknown is not 0. */
export function sumOf<T>(items: readonly T[], valueIn: (item: T) => number | null): number | null {
  let sum: number | null = null;
  for (const item of items) {
    const value = valueIn(item);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

export function largestOf<T>(items: readonly T[], valueIn: (item: T) => number | null): number | null {
  let most: number | null = null;
  for (const item of items) {
    const value = valueIn(item);
    if (value !== null && (most === null || value > most)) most = value;
  }
  return most;
}

function canceling({ svActiveCancel, svBeingCanceled }: PoolerPool): number | null {
  if (svActiveCancel === null && svBeingCanceled === null) return null;
  return (svActiveCancel ?? 0) + (svBeingCanceled ?? 0);
}

export function poolsIn(tick: PoolerTick | undefined, { database, user }: PoolScope): PoolerPool[] {
  const pools = tick?.pools ?? [];
  return database === null ? pools : pools.filter((pool) => pool.database === database && pool.user === user);
}

export function countsOf(atMs: number, pools: readonly PoolerPool[]): PoolerCounts {
  return {
    atMs,
    svActive: sumOf(pools, ({ svActive }) => svActive),
    svLogin: sumOf(pools, ({ svLogin }) => svLogin),
    svTested: sumOf(pools, ({ svTested }) => svTested),
    svCanceling: sumOf(pools, canceling),
    svUsed: sumOf(pools, ({ svUsed }) => svUsed),
    svIdle: sumOf(pools, ({ svIdle }) => svIdle),
    svOpen: sumOf(pools, ({ svOpen }) => svOpen),
    poolSize: sumOf(pools, ({ poolSize }) => poolSize),
    clActive: sumOf(pools, ({ clActive }) => clActive),
    clWaiting: sumOf(pools, ({ clWaiting }) => clWaiting),
  };
}

/** One sample as a point. */
export function pointOf(tick: PoolerTick, scope: PoolScope): PoolerPoint {
  const pools = poolsIn(tick, scope);
  const { atMs } = tick;
  const growth = growthTogether(
    tick.growth.filter(({ database }) => scope.database === null || database === scope.database),
  );
  return {
    fromMs: atMs,
    atMs,
    busiest: countsOf(atMs, pools),
    maxwaitMs: largestOf(pools, ({ maxwaitMs }) => maxwaitMs),
    growth,
  };
}

/** Busier with more clients in the queue; among equals with more server connections at work, then open, then more clients. */
export function compareBusy(a: PoolerCounts, b: PoolerCounts): number {
  for (const name of ['clWaiting', 'svActive', 'svOpen', 'clActive'] as const) {
    const difference = (a[name] ?? -1) - (b[name] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Two stretches as one; of moments that were equally busy the later stands for them. */
export function mergePoints(a: PoolerPoint, b: PoolerPoint): PoolerPoint {
  const more = compareBusy(a.busiest, b.busiest) || a.busiest.atMs - b.busiest.atMs;
  return {
    fromMs: Math.min(a.fromMs, b.fromMs),
    atMs: Math.max(a.atMs, b.atMs),
    busiest: more > 0 ? a.busiest : b.busiest,
    maxwaitMs: largestOf([a, b], ({ maxwaitMs }) => maxwaitMs),
    growth: growthInBoth(a.growth, b.growth),
  };
}

/** At most one point per bucket, oldest first: the points that end in it, merged. */
export function mergePerBucket(points: Iterable<PoolerPoint>, bucketMs: number): PoolerPoint[] {
  const merged = new Map<number, PoolerPoint>();
  for (const point of points) {
    const bucket = Math.floor(point.atMs / bucketMs);
    const before = merged.get(bucket);
    merged.set(bucket, before === undefined ? point : mergePoints(before, point));
  }
  return [...merged.values()].sort((a, b) => a.atMs - b.atMs);
}
