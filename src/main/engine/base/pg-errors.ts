import { EngineError } from './errors.ts';
import { clientErrorOf } from './pg-client-errors.ts';
import { networkErrorOf } from './pg-network-errors.ts';
import { isServerError, serverErrorOf } from './pg-server-errors.ts';
import { tlsErrorOf } from './pg-tls-errors.ts';

/**
 * Turns what `pg`, `pg-pool`, `net` and `tls` throw into a typed error with plain words: one
 * sentence that says what happened and where, and a remedy. The original is kept as `cause`.
 * An `EngineError` is returned as it is. Null when the failure is none of theirs.
 */
export function databaseErrorOf(error: unknown): EngineError | null {
  if (error instanceof EngineError) return error;
  if (!(error instanceof Error)) return null;
  if (isServerError(error)) return serverErrorOf(error);
  return tlsErrorOf(error) ?? networkErrorOf(error) ?? clientErrorOf(error);
}
