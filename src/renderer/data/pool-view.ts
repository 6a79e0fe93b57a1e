import type { PoolStatus } from '#shared/contract/pools.ts';

/** How a pool stands, in one word a user reads everywhere the pool is shown. */
export type PoolView =
  | 'healthy'
  | 'degraded'
  | 'unhealthy'
  | 'checking'
  | 'opening'
  | 'closing'
  | 'closed'
  | 'failed';

/** Folds the pool's state and its health into one word. */
export function poolView(status: PoolStatus): PoolView {
  switch (status.state) {
    case 'opening':
      return 'opening';
    case 'closing':
      return 'closing';
    case 'closed':
      return status.error === null ? 'closed' : 'failed';
    case 'open':
      return status.health.state === 'unknown' ? 'checking' : status.health.state;
  }
}
