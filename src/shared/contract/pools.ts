import * as z from 'zod/mini';
import type { HealthReport } from '../model/health.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

export type PoolState = 'closed' | 'opening' | 'open' | 'closing';

/**
 * What a profile turned out to lead to: a database, or a pooler's console, which has no pool of
 * connections, no names, no queries: see `pgbouncer.ts`.
 */
export type PoolTarget = 'database' | 'console';

/** A profile's pool as it stands. One pool per profile, so the profile's id names it. */
export interface PoolStatus {
  profileId: string;
  state: PoolState;
  /** Null until it was opened once since the start, or since its address changed. */
  target: PoolTarget | null;
  openedAtMs: number | null;
  /** Why it could not be opened, or why it was closed; null after a clean close. */
  error: ErrorPayload | null;
  /** Meaningful while open. */
  health: HealthReport;
}

const byId = z.object({ profileId: profileIdSchema });

export const poolsRoutes = {
  'pools.list': route<PoolStatus[]>()(z.object({})),
  /**
   * Opens the pool and its minimum. Answers with the state reached: a wrong password or database
   * leaves it `closed` with the error; a server that is down leaves it `open` and unhealthy,
   * because that mends itself.
   */
  'pools.open': route<PoolStatus>()(byId),
  /** Drains within a deadline, then ends. */
  'pools.close': route<PoolStatus>()(byId),
  'pools.openAll': route<PoolStatus[]>()(z.object({})),
  'pools.closeAll': route<PoolStatus[]>()(z.object({})),
};
