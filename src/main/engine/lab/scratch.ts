import type { PoolClient } from 'pg';
import type { Clock } from '../base/clock.ts';
import { errorPayloadOf } from '../base/pg-error-payload.ts';
import type { InstrumentedPool } from '../pools/index.ts';
import type { LabRequest } from './requests.ts';
import type { RunMeter } from './run-meter.ts';

const holder = 'lab';
const sleepText = 'SELECT pg_sleep($1)';
const trialMs = 5;
const trials = 9;
/** Logins at a time: a hundred at once would be a storm that the server's other users feel. */
const loginsAtOnce = 10;
/**
 * A hold is made of sleeps no longer than this: the server does not notice in the middle of one that whoever
 * asked for it is gone.
 */
export const sliceMs = 500;

/**
 * Opens every connection of the pool and finds out how much longer than asked a `pg_sleep` holds one: the way
 * to the server and its clock's step, the median of some. Holds are shortened by it, so that they take as
 * long as was measured. @throws what `connect` and the server throw
 */
export async function warmUp(pool: InstrumentedPool, size: number, clock: Clock): Promise<number> {
  const clients: PoolClient[] = [];
  try {
    while (clients.length < size) {
      const length = Math.min(loginsAtOnce, size - clients.length);
      const asked = Array.from({ length }, () => pool.connect({ holder, mayRetry: false }));
      const opened = await Promise.allSettled(asked);
      for (const one of opened) if (one.status === 'fulfilled') clients.push(one.value);
      const failed = opened.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    const [first] = clients;
    const extrasMs: number[] = [];
    for (let i = 0; i < trials && first !== undefined; i += 1) {
      const sinceMs = clock.monotonicMs();
      await first.query(sleepText, [trialMs / 1000]);
      extrasMs.push(clock.monotonicMs() - sinceMs - trialMs);
    }
    return Math.max(0, extrasMs.sort((a, b) => a - b)[Math.floor(trials / 2)] ?? 0);
  } finally {
    for (const client of clients) client.release();
  }
}

export interface Asking {
  pool: InstrumentedPool;
  meter: RunMeter;
  clock: Clock;
  /** See `warmUp`. */
  extraMs: number;
  /** The server or the way to it failed; nothing more can be measured. */
  onFailure(error: unknown): void;
}

/** Asks for a connection, holds it by a `pg_sleep`, gives it back. Never rejects. */
export async function ask(
  { pool, meter, clock, extraMs, onFailure }: Asking,
  request: LabRequest,
): Promise<void> {
  const followed = meter.asked(request.dueMs, clock.monotonicMs());
  let client: PoolClient;
  try {
    client = await pool.connect({ holder, mayRetry: false });
  } catch (error) {
    if (errorPayloadOf(error).code === 'wait_timeout') meter.gaveUp(followed, clock.monotonicMs());
    else onFailure(error);
    return;
  }
  meter.served(followed, clock.monotonicMs());
  try {
    await hold(client, clock, request.holdMs, extraMs);
    meter.released(followed, clock.monotonicMs());
    client.release();
  } catch (error) {
    meter.released(followed, clock.monotonicMs());
    client.release(error instanceof Error ? error : true);
    onFailure(error);
  }
}

async function hold(client: PoolClient, clock: Clock, holdMs: number, extraMs: number): Promise<void> {
  const endMs = clock.monotonicMs() + holdMs;
  let leftMs = holdMs;
  do {
    const sleepMs = Math.min(sliceMs, Math.max(0, leftMs - extraMs));
    await client.query(sleepText, [sleepMs / 1000]);
    leftMs = endMs - clock.monotonicMs();
  } while (leftMs > extraMs);
}
