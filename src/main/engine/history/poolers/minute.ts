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

type PoolPoint = Omit<PoolerPoint, 'growth'>;

const mergePools = (a: PoolPoint, b: PoolPoint): PoolPoint => {
  const nothing = { overMs: 0 } as PoolerPoint['growth'];
  const { growth: _, ...merged } = mergePoints({ ...a, growth: nothing }, { ...b, growth: nothing });
  return merged;
};

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
    const pools = [...this.#pools.values()]
      .sort(
        (a, b) => compareBusy(b.busiest, a.busiest) || (b.busiest.clActive ?? 0) - (a.busiest.clActive ?? 0),
      )
      .slice(0, mostKeptPools);
    const kept = new Set(pools.map(({ database }) => database));
    return {
      total: this.#total,
      pools,
      databases: [...this.#databases.values()].filter(({ database }) => kept.has(database)),
    };
  }

  #addPools({ atMs, pools, growth }: PoolerTick): void {
    for (const pool of pools) {
      const { database, user, maxwaitMs } = pool;
      const point = { fromMs: atMs, atMs, busiest: countsOf(atMs, [pool]), maxwaitMs };
      const before = this.#pools.get(keyOf(pool));
      const merged = before === undefined ? point : mergePools(before, point);
      this.#pools.set(keyOf(pool), { database, user, ...merged });
    }
    for (const grown of growth) {
      const { database } = grown;
      const before = this.#databases.get(database);
      this.#databases.set(
        database,
        before === undefined ? grown : { database, ...growthInBoth(before, grown) },
      );
    }
  }
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
