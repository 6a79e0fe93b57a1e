import { choiceOr, dayMs, numberOr, wholeNumber } from './checks.ts';

/** `lifo` reuses the connection given back last, `fifo` the one at rest for longest. */
export const reuseOrders = ['lifo', 'fifo'] as const;
export type ReuseOrder = (typeof reuseOrders)[number];

/** What is done to a connection that comes back. `nothing` leaves it as it was. */
export const releaseActions = ['nothing', 'rollback', 'reset-all', 'discard-all'] as const;
export type ReleaseAction = (typeof releaseActions)[number];

/** When a connection at rest is asked whether it is still alive before it is handed out. */
export const checkModes = ['never', 'when-idle', 'always'] as const;
export type CheckMode = (typeof checkModes)[number];

/** How many connections, how long they last, and what is done when one is taken or comes back. */
export const poolFields = {
  /** Connections opened at start and kept. */
  min: wholeNumber('Minimum size', 0, 1000),
  /** Connections that persist: never more at rest than this. */
  max: wholeNumber('Maximum size', 1, 1000),
  /** Opened beyond `max` when all are taken, and closed when they come back (SQLAlchemy's max_overflow). */
  overflow: numberOr(0, 'Overflow', 0, 1000),
  reuseOrder: choiceOr('lifo', 'Reuse order', reuseOrders),
  /** Longest a request waits for a connection, opening a new one included. */
  waitTimeoutMs: wholeNumber('Wait timeout (ms)', 100, 600_000),
  /** Longest one attempt to open a connection may take; 0 leaves only the wait timeout. */
  connectTimeoutMs: numberOr(0, 'Connect timeout (ms)', 0, 600_000),
  /** An idle connection above the minimum is closed after this; 0 keeps it. */
  idleTimeoutMs: wholeNumber('Idle timeout (ms)', 0, dayMs),
  /** A connection older than this is closed when it is at rest; 0 means no limit. */
  maxLifetimeMs: wholeNumber('Maximum lifetime (ms)', 0, 7 * dayMs),
  /** Each connection's own lifetime is shorter by up to this share, so that they do not all go at once. */
  lifetimeJitterPercent: numberOr(10, 'Lifetime jitter (%)', 0, 50),
  /** A connection handed out so many times is closed when it comes back; 0 means no limit. */
  maxUses: numberOr(0, 'Maximum uses', 0, 1_000_000_000),
  onRelease: choiceOr('nothing', 'On release', releaseActions),
  checkBeforeUse: choiceOr('never', 'Check before use', checkModes),
  /** With `when-idle`: connections at rest for longer than this are checked. */
  checkIdleMs: numberOr(30_000, 'Check when idle longer than (ms)', 0, dayMs),
  /** A connection held for longer is reported as a suspected leak; 0 reports none. */
  leakThresholdMs: numberOr(60_000, 'Leak threshold (ms)', 0, dayMs),
  /** An open pool that nobody used for so long is closed; 0, the default, leaves it open. Health checks do not count as use. */
  idlePoolCloseMs: numberOr(0, 'Close an unused pool after (ms)', 0, 7 * dayMs),
};
