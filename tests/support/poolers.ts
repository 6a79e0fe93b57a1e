import type { PoolerPool, PoolerTick } from '#shared/model/pooler.ts';

/** A pool with one client that waits and three that do not, on two servers of at most five. */
export const poolAt = (database: string, user: string, changes: Partial<PoolerPool> = {}): PoolerPool => ({
  ...{ database, user, poolMode: 'transaction' },
  ...{ clActive: 3, clWaiting: 1, clActiveCancelReq: 0, clWaitingCancelReq: 0 },
  ...{ svActive: 2, svActiveCancel: 0, svBeingCanceled: 0, svIdle: 0, svUsed: 0, svTested: 0, svLogin: 0 },
  ...{ svOpen: 2, maxwaitMs: 4, poolSize: 5, reservePoolSize: 0 },
  ...changes,
});

interface TickChanges extends Partial<PoolerTick> {
  /** Clients that wait in its one pool. */
  waiting?: number;
}

/** A sample of the console `edge`: 20 queries in the database `shop` since the one before. */
export function poolerTick(atMs: number, { waiting = 1, ...changes }: TickChanges = {}): PoolerTick {
  const tick = {
    ...{ profileId: 'edge', atMs, intervalMs: null, refreshMs: 5 },
    pools: [poolAt('shop', 'web', { clWaiting: waiting })],
    ...{ databases: [], clients: 4, maxClients: 100 },
    ...changes,
  };
  const known = tick.intervalMs !== null;
  const counted = (figure: number) => (known ? figure : null);
  const growth = {
    ...{ database: 'shop', overMs: tick.intervalMs ?? 0 },
    ...{ transactions: counted(10), queries: counted(20) },
    ...{ receivedBytes: counted(1000), sentBytes: counted(5000) },
    ...{ transactionMs: counted(400), queryMs: counted(200), waitMs: counted(25), waits: counted(10) },
  };
  return { growth: [growth], ...tick };
}
