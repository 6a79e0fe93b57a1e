import type { ErrorPayload } from '#shared/contract/errors.ts';
import { RequestError } from '../bridge/client.ts';

/** Whatever was thrown, in the shape the error parts show. */
export function payloadOf(error: unknown): ErrorPayload {
  if (error instanceof RequestError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  return {
    code: 'internal',
    message: 'This window met an error of its own.',
    details: { remedy: 'Try again; if it happens again, reload the window.' },
  };
}

/** True when the user ended it: nothing to report. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'cancelled';
}
