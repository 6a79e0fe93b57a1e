import type { DatabaseGrowth } from '#shared/model/pooler.ts';
import { type TotalName, type Totals, totalNames } from './rows.ts';

/** Growth of every total; null when one shrank, which means that the pooler started anew. */
function grown(before: Totals, now: Totals): Totals | null {
  const growth = {} as Totals;
  for (const name of totalNames) {
    const [from, to] = [before[name], now[name]];
    growth[name] = from === null || to === null ? null : to - from;
    if (growth[name] !== null && growth[name] < 0) return null;
  }
  return growth;
}

/**
 * What happened in one database over an interval, from its totals. Times of SHOW STATS are
 * microseconds. Without a sample before, everything is unknown.
 */
export function growthOf(
  database: string,
  before: Totals | undefined,
  now: Totals,
  intervalMs: number | null,
): DatabaseGrowth {
  const growth = before === undefined || intervalMs === null || intervalMs <= 0 ? null : grown(before, now);
  const count = (name: TotalName): number | null => growth?.[name] ?? null;
  const ms = (name: TotalName): number | null => {
    const us = count(name);
    return us === null ? null : us / 1000;
  };
  return {
    database,
    overMs: growth === null ? 0 : (intervalMs ?? 0),
    transactions: count('total_xact_count'),
    queries: count('total_query_count'),
    receivedBytes: count('total_received'),
    sentBytes: count('total_sent'),
    transactionMs: ms('total_xact_time'),
    queryMs: ms('total_query_time'),
    waitMs: ms('total_wait_time'),
    waits: count(
      now.total_server_assignment_count === null ? 'total_xact_count' : 'total_server_assignment_count',
    ),
  };
}
