import type { PoolerRates } from '#shared/model/pooler.ts';
import { type TotalName, type Totals, totalNames } from './rows.ts';

/** Growth of every total; null when one shrank, which means that the pooler started anew. */
function growthOf(before: Totals, now: Totals): Totals | null {
  const growth = {} as Totals;
  for (const name of totalNames) {
    const [from, to] = [before[name], now[name]];
    growth[name] = from === null || to === null ? null : to - from;
    if (growth[name] !== null && growth[name] < 0) return null;
  }
  return growth;
}

const usPerSecond = 1_000_000;

/**
 * Rates of one database from the growth of its totals over an interval. Times of SHOW STATS are
 * microseconds. Without a sample before, everything is unknown.
 */
export function ratesFrom(
  database: string,
  before: Totals | undefined,
  now: Totals,
  intervalMs: number | null,
): PoolerRates {
  const growth =
    before === undefined || intervalMs === null || intervalMs <= 0 ? null : growthOf(before, now);
  const seconds = (intervalMs ?? 0) / 1000;
  const perSecond = (name: TotalName): number | null => {
    const grown = growth?.[name] ?? null;
    return grown === null ? null : grown / seconds;
  };
  const atOnce = (name: TotalName): number | null => {
    const rate = perSecond(name);
    return rate === null ? null : rate / usPerSecond;
  };
  /** Nothing happened: there is no mean, which is not the same as a mean of 0. */
  const meanMs = (time: TotalName, count: TotalName): number | null => {
    const [us, times] = [growth?.[time] ?? null, growth?.[count] ?? null];
    return us === null || times === null || times === 0 ? null : us / times / 1000;
  };
  const perWait: TotalName =
    now.total_server_assignment_count === null ? 'total_xact_count' : 'total_server_assignment_count';
  return {
    database,
    transactionsPerSecond: perSecond('total_xact_count'),
    queriesPerSecond: perSecond('total_query_count'),
    receivedBytesPerSecond: perSecond('total_received'),
    sentBytesPerSecond: perSecond('total_sent'),
    busyServers: atOnce('total_xact_time'),
    waitingClients: atOnce('total_wait_time'),
    meanTransactionMs: meanMs('total_xact_time', 'total_xact_count'),
    meanQueryMs: meanMs('total_query_time', 'total_query_count'),
    meanWaitMs: meanMs('total_wait_time', perWait),
  };
}
