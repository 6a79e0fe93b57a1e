import type { ErrorCode, ErrorDetails, ErrorPayload } from '#shared/contract/errors.ts';

/** A failure with a code and words fit for a user. Everything the engine throws on purpose is one. */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
    this.details = details;
  }

  toPayload(): ErrorPayload {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** Throws `cancelled` when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
}
