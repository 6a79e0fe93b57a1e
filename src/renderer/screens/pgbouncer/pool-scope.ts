import type { PoolScope } from '#shared/model/pooler-point.ts';

/** A scope as the value of a select, whatever characters its names hold. */
export const scopeValue = ({ database, user }: PoolScope): string => JSON.stringify([database, user]);

export function scopeOf(value: string): PoolScope {
  const [database = null, user = null] = JSON.parse(value) as (string | null)[];
  return { database, user };
}
