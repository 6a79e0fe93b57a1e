import type { DatabaseGrowth, PoolerPool, PoolerTick } from '#shared/model/pooler.ts';
import { growthInBoth, noGrowth } from '#shared/model/pooler-growth.ts';
import {
  compareBusy,
  countsOf,
  everyPool,
  mergePoints,
  mostKeptPools,
  type PoolerPoint,
  pointOf,
} from '#shared/model/pooler-point.ts';

/** A pool over a minute; what its database did is told once for all its pools. */
export interface PoolMinute extends Omit<PoolerPoint, 'growth'> {
  database: string;
  user: string;
}

/** What a pooler did in a minute, as kept on disk. */
export interface PoolerMinute {
  /** All pools together, those that are not kept too. */
  total: PoolerPoint;
  /** The busiest (`mostKeptPools`). */
  pools: PoolMinute[];
  /** Of the databases of those pools. */
  databases: DatabaseGrowth[];
}

function mergePoolMinutes(a: PoolMinute, b: PoolMinute): PoolMinute {
  const { database, user } = a;
  const { growth: _, ...merged } = mergePoints({ ...a, growth: nothing }, { ...b, growth: nothing });
  return { database, user, ...merged };
}

const nothing = noGrowth();

const mergeDatabases = (a: DatabaseGrowth, b: DatabaseGrowth): DatabaseGrowth => ({
  database: a.database,
  ...growthInBoth(a, b),
});

const keyOf = ({ database, user }: Pick<PoolerPool, 'database' | 'user'>) => JSON.stringify([database, user]);

/** Folds the samples of a minute into what is kept of it. */
export class MinuteFold {
  readonly minute: number;
  #total: PoolerPoint;
  readonly #pools = new Map<string, PoolMinute>();
  readonly #databases = new Map<string, DatabaseGrowth>();

  constructor(tick: PoolerTick) {
    this.minute = minuteOf(tick.atMs);
    this.#total = pointOf(tick, everyPool);
    this.#addPools(tick);
  }

  get atMs(): number {
    return this.#total.atMs;
  }

  add(tick: PoolerTick): void {
    this.#total = mergePoints(this.#total, pointOf(tick, everyPool));
    this.#addPools(tick);
  }

  taken(): PoolerMinute {
    return keptOf(this.#total, this.#pools, this.#databases);
  }

  #addPools({ atMs, pools, growth }: PoolerTick): void {
    for (const pool of pools) {
      const { database, user, maxwaitMs } = pool;
      const point = { database, user, fromMs: atMs, atMs, busiest: countsOf(atMs, [pool]), maxwaitMs };
      mergeInto(this.#pools, keyOf(pool), point, mergePoolMinutes);
    }
    for (const grown of growth) mergeInto(this.#databases, grown.database, grown, mergeDatabases);
  }
}

function mergeInto<T>(into: Map<string, T>, key: string, item: T, merge: (before: T, item: T) => T): void {
  const before = into.get(key);
  into.set(key, before === undefined ? item : merge(before, item));
}

function keptOf(
  total: PoolerPoint,
  allPools: ReadonlyMap<string, PoolMinute>,
  allDatabases: ReadonlyMap<string, DatabaseGrowth>,
): PoolerMinute {
  const pools = [...allPools.values()]
    .sort((a, b) => compareBusy(b.busiest, a.busiest))
    .slice(0, mostKeptPools);
  const kept = new Set(pools.map(({ database }) => database));
  const databases = [...allDatabases.values()].filter(({ database }) => kept.has(database));
  return { total, pools, databases };
}

/** Minutes of an hour as one; of its pools, those that were kept, the busiest again. */
export function mergeMinutes(minutes: readonly PoolerMinute[]): PoolerMinute | null {
  const [first, ...others] = minutes;
  if (first === undefined) return null;
  const pools = new Map<string, PoolMinute>();
  const databases = new Map<string, DatabaseGrowth>();
  for (const minute of minutes) {
    for (const pool of minute.pools) mergeInto(pools, keyOf(pool), pool, mergePoolMinutes);
    for (const growth of minute.databases) mergeInto(databases, growth.database, growth, mergeDatabases);
  }
  return keptOf(
    others.reduce((total, minute) => mergePoints(total, minute.total), first.total),
    pools,
    databases,
  );
}

export const minuteOf = (atMs: number): number => Math.floor(atMs / 60_000);

/** The part of a minute that a scope is about; null where that pool was not among those kept. */
export function pointIn(
  minute: PoolerMinute,
  { database, user }: { database: string | null; user: string | null },
): PoolerPoint | null {
  if (database === null) return minute.total;
  const pool = minute.pools.find((kept) => kept.database === database && kept.user === user);
  if (pool === undefined) return null;
  const { fromMs, atMs, busiest, maxwaitMs } = pool;
  const growth = minute.databases.find((kept) => kept.database === database);
  return { fromMs, atMs, busiest, maxwaitMs, growth: growth ?? noGrowth() };
}
