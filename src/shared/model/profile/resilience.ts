import { dayMs, numberOr, optionalText, switchOr, wholeNumber } from './checks.ts';

/** How failures are met, and what is written down. */
export const resilienceFields = {
  /** Further attempts after a connection error, before any statement was sent. Other errors are never retried. */
  retries: numberOr(2, 'Retries', 0, 10),
  /** Before the first retry; doubles for each further one, with jitter. */
  retryDelayMs: numberOr(200, 'Retry delay (ms)', 10, 60_000),
  /** Connection failures in a row that open the circuit breaker; 0 keeps it out of use. */
  breakerThreshold: numberOr(5, 'Breaker threshold', 0, 1000),
  /** An open breaker lets one attempt through after this (half-open). */
  breakerHalfOpenMs: numberOr(10_000, 'Breaker half-open after (ms)', 100, dayMs),
  healthIntervalMs: wholeNumber('Health check interval (ms)', 1000, 3_600_000),
  healthTimeoutMs: wholeNumber('Health check timeout (ms)', 100, 60_000),
  /** Empty means SELECT 1. */
  healthStatement: optionalText('Health statement', 1000),
  /** Whether the event log holds the text of statements. Values of parameters are never in it. */
  logStatements: switchOr(false, 'Statements in the event log'),
};
