import type { QueryResult, QueryResultRow } from 'pg';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import { giveBack, type QueryPool, takeSession } from '../session.ts';

/** Asks the server for something Poolscope itself wants to know. */
export type Ask = <R extends QueryResultRow>(text: string, values?: unknown[]) => Promise<QueryResult<R>>;

export interface AskTerms {
  timeoutMs: number;
  signal: AbortSignal;
  clock: Clock;
}

/**
 * Runs a few short statements of our own in a READ ONLY transaction with a time limit. An aborted
 * caller stops them on the server. @throws what the server throws
 */
export async function askServer<T>(
  pool: QueryPool,
  terms: AskTerms,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const { timeoutMs, signal, clock } = terms;
  const session = await takeSession(() => pool, {
    block: 'readOnly',
    timeoutMs,
    idleLimitMs: 10_000,
    mayRetry: false,
    signal,
    clock,
  });
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  const stop = () => stopped.reject(new EngineError('cancelled', 'Cancelled.'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const ask: Ask = (text, values) => session.client.query(text, values);
  try {
    return await Promise.race([work(ask), stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) void session.pool.discard(session.client, new Error('unwanted'));
    else await giveBack(session);
  }
}
