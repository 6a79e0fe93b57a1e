import pg from 'pg';

/** SQLSTATEs after which the server ends the session, whatever language its severity is in. */
const endingStates = new Set(['25P03', '25P04', '57P01', '57P02', '57P03', '57P04', '57P05']);

/** Whether the server said with this error that it ends the session. */
export function endsSession(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return false;
  return error.severity === 'FATAL' || error.code.startsWith('08') || endingStates.has(error.code);
}

/** Too many connections, or starting up: the server was reached, and will answer later. */
export function refusesForNow(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '53300' || error.code === '57P03');
}

/**
 * Whether the connection is still good after a failed statement: the server answered and goes on.
 * Anything else (no answer in time, a broken socket) leaves it in a state nobody knows.
 */
export function keepsSession(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !endsSession(error);
}
