import pg from 'pg';
import type { MeteredClient } from './metered-client.ts';
import type { ConnectCallback } from './pending-requests.ts';

/** What `pg-pool` hears of a client's errors with while the client is at rest. */
export type IdleListener = (error: Error) => void;

/** An entry of `pg-pool`'s list of clients at rest. Its own timer is never used. */
export interface Seat {
  readonly client: MeteredClient;
  readonly idleListener: IdleListener;
  readonly timeoutId: undefined;
}

/** Whom `pg-pool` brings a client to. */
export interface Requester {
  callback(...answer: Parameters<ConnectCallback>): void;
}

/**
 * What this room uses of `pg-pool` 3.14 beyond its documented face, because the pool's own queue
 * lets newcomers overtake those who wait, its `min` opens nothing, and it knows no overflow and no
 * change of size. The tests beside `metered-pool.ts` fail if any of it goes.
 */
export interface PgPoolInternals {
  _clients: MeteredClient[];
  _idle: Seat[];
  ending: boolean;
  newClient(requester: Requester): void;
  _acquireClient(
    client: MeteredClient,
    requester: Requester,
    idleListener: IdleListener,
    isNew: boolean,
  ): void;
  _remove(client: MeteredClient, done?: () => void): void;
  _pulseQueue(): void;
}

export const pgPool = pg.Pool.prototype as unknown as PgPoolInternals;
