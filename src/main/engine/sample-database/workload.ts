import { setTimeout as sleep } from 'node:timers/promises';
import { burstSize, burstsBy, nextGapMs } from './arrivals.ts';

/** What the workload needs of a pool; the instrumented pool has it. */
export interface WorkloadPool {
  connect(options: { holder: string }): Promise<{
    query(text: string, values?: unknown[]): Promise<unknown>;
    release(error?: Error): void;
  }>;
  query(text: string, values: unknown[], options: { holder: string }): Promise<unknown>;
}

/** Whose the connections are, in the event log. */
const label = { holder: 'sample workload' };

/** A server that is down must not gather an endless queue. */
const maxUnderWay = 60;
/** Pause after a failure: the pool is closed, or the server down. */
const afterFailureMs = 1000;
/** The longest request takes less; one that waits for a connection may take longer. */
const stopDeadlineMs = 1500;

/**
 * Gentle synthetic requests, sent on their own schedule whether or not earlier ones are answered
 * (open loop), so that a slow pool shows as waiting and not as less load.
 */
export class Workload {
  readonly #pool: () => WorkloadPool;
  readonly #random: () => number;
  readonly #underWay = new Set<Promise<void>>();
  #stopping = new AbortController();
  #run: Promise<void> | null = null;
  #lastFailureAtMs = Number.NEGATIVE_INFINITY;

  /** `pool` is asked for each request anew, because a user may close and reopen it; it may throw. */
  constructor(pool: () => WorkloadPool, random: () => number = Math.random) {
    this.#pool = pool;
    this.#random = random;
  }

  get running(): boolean {
    return this.#run !== null;
  }

  start(): void {
    if (this.#run !== null) return;
    this.#stopping = new AbortController();
    this.#run = this.#send(this.#stopping.signal);
  }

  /** Sends no more, and waits for what is under way, but not for long. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#run;
    this.#run = null;
    const patience = new AbortController();
    const timeout = sleep(stopDeadlineMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#underWay), timeout]);
    patience.abort();
  }

  async #send(signal: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    let bursts = 0;
    while (!signal.aborted) {
      const elapsedMs = performance.now() - startedAtMs;
      const failedAgoMs = performance.now() - this.#lastFailureAtMs;
      if (failedAgoMs >= afterFailureMs) {
        this.#begin(this.#request());
        // One burst at a time: those missed while the machine slept are not made up for.
        if (burstsBy(elapsedMs) > bursts) {
          bursts = burstsBy(elapsedMs);
          for (let index = 0; index < burstSize; index += 1) this.#begin(this.#burstRequest());
        }
      }
      const gapMs = Math.max(nextGapMs(elapsedMs, this.#random), afterFailureMs - failedAgoMs);
      await sleep(gapMs, undefined, { signal }).catch(() => {});
    }
  }

  #begin(request: (pool: WorkloadPool) => Promise<unknown>): void {
    if (this.#underWay.size >= maxUnderWay) return;
    const underWay = this.#attempt(request).finally(() => this.#underWay.delete(underWay));
    this.#underWay.add(underWay);
  }

  async #attempt(request: (pool: WorkloadPool) => Promise<unknown>): Promise<void> {
    try {
      await request(this.#pool());
    } catch {
      // The pool counts its failures and shows them; here they only slow the load down.
      this.#lastFailureAtMs = performance.now();
    }
  }

  /** Mostly quick reads, some work that holds a connection, now and then a transaction. */
  #request(): (pool: WorkloadPool) => Promise<unknown> {
    const kind = this.#random();
    const shareMs = this.#random();
    if (kind < 0.65) {
      return (pool) =>
        pool.query(
          'SELECT count(*) FROM generate_series(1, $1::int)',
          [1 + Math.floor(shareMs * 5000)],
          label,
        );
    }
    if (kind < 0.9) return (pool) => pause(pool, 20 + shareMs * 120);
    return (pool) => transaction(pool, 100 + shareMs * 300);
  }

  #burstRequest(): (pool: WorkloadPool) => Promise<unknown> {
    const holdMs = 150 + this.#random() * 350;
    return (pool) => pause(pool, holdMs);
  }
}

const pause = (pool: WorkloadPool, ms: number) => pool.query('SELECT pg_sleep($1)', [ms / 1000], label);

async function transaction(pool: WorkloadPool, holdMs: number): Promise<void> {
  const client = await pool.connect(label);
  try {
    await client.query('BEGIN READ ONLY');
    await client.query('SELECT pg_sleep($1)', [holdMs / 1000]);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}
