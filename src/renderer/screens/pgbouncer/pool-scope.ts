import type { PoolerPool, PoolerTick } from '#shared/model/pooler.ts';

/** Which pools figures and charts are about: one, or (nulls) all. */
export interface PoolScope {
  database: string | null;
  user: string | null;
}

export const everyPool: PoolScope = { database: null, user: null };

/** A scope as the value of a select, whatever characters its names hold. */
export const scopeValue = ({ database, user }: PoolScope): string => JSON.stringify([database, user]);

export function scopeOf(value: string): PoolScope {
  const [database = null, user = null] = JSON.parse(value) as (string | null)[];
  return { database, user };
}

export function poolsIn(tick: PoolerTick | undefined, { database, user }: PoolScope): PoolerPool[] {
  const pools = tick?.pools ?? [];
  return database === null ? pools : pools.filter((pool) => pool.database === database && pool.user === user);
}
