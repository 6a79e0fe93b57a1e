import type { ErrorPayload } from '#shared/contract/errors.ts';
import { databaseErrorOf } from './pg-errors.ts';

/** The words of a failure for where it is only noted, not answered: without stack or cause. */
export function errorPayloadOf(error: unknown): ErrorPayload {
  const known = databaseErrorOf(error);
  if (known !== null) return known.toPayload();
  // Texts of errors that nobody knows may hold anything.
  return { code: 'internal', message: 'An error that Poolscope does not know.', details: {} };
}
