import type { PoolClient } from 'pg';
import { EngineError } from '../base/errors.ts';
import type { QueryPool } from './session.ts';

/** How long the server may take to stop, before its connection is closed. */
const stopDeadlineMs = 5000;
/** A server that keeps its own limit answers before this is over; one that does not is gone or stuck. */
const graceMs = 5000;

/** The statement may be at work still: its connection is of no more use. */
export class GaveUp extends EngineError {}

/**
 * Makes a statement stoppable, step by step: between two steps by not taking the next, within one by
 * a cancel request to the server. A step that follows waits until the stopping is over, so that no
 * late request hits something else on the same session.
 */
export class Stoppable {
  readonly #abort = new AbortController();
  readonly #gaveUp = Promise.withResolvers<never>();
  readonly #timeoutMs: number;
  #on: { pool: QueryPool; client: PoolClient } | null = null;
  #stepRuns = false;
  #stopping: Promise<void> | null = null;
  #heardMs = 0;
  #immune = false;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#gaveUp.promise.catch(() => {});
  }

  /** Aborts when stopping is asked for. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isStopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** From now on, stopping asks this session's server. */
  attach(pool: QueryPool, client: PoolClient): void {
    this.#on = { pool, client };
  }

  /** For what must not be stopped half-way: a commit. False when stopping was asked for before. */
  becomeImmune(): boolean {
    if (!this.isStopped) this.#immune = true;
    return this.#immune;
  }

  /** The server said something: it is not stuck. */
  heard(): void {
    this.#heardMs = performance.now();
  }

  /** @throws what the work throws, `cancelled` when stopped before, `GaveUp` */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.isStopped) throw new EngineError('cancelled', 'Cancelled.');
    this.#stepRuns = true;
    this.heard();
    const watch = setInterval(() => this.#watch(), 1000);
    try {
      return await Promise.race([work(), this.#gaveUp.promise]);
    } finally {
      clearInterval(watch);
      this.#stepRuns = false;
      await this.#stopping;
    }
  }

  /** Asks once; later calls wait for the same. Settles when the request to the server is over. */
  async stop(): Promise<void> {
    if (this.#immune) return;
    this.#abort.abort();
    if (this.#on === null || !this.#stepRuns) return;
    const { pool, client } = this.#on;
    this.#stopping ??= pool
      .stopStatement(client, stopDeadlineMs, () => !this.#stepRuns)
      .then((hasStopped) => {
        if (hasStopped) return;
        const message = `Cancelled, but the server did not confirm it within ${stopDeadlineMs / 1000} s. The connection was closed.`;
        this.#gaveUp.reject(new GaveUp('cancelled', message));
      });
    await this.#stopping;
  }

  #watch(): void {
    const limitMs = this.#timeoutMs + graceMs;
    if (performance.now() - this.#heardMs < limitMs) return;
    const message = `The server did not answer within ${limitMs / 1000} s, nor did it keep its own time limit.`;
    const remedy = 'Check the load on the server and the network to it, then try again.';
    this.#gaveUp.reject(new GaveUp('query_timeout', message, { remedy }));
  }
}
