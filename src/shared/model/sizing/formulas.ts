/**
 * The classic formula: requests that arrive in one second × seconds each holds a connection, over the
 * utilization wanted. Plans for the mean: it knows no queue and no bad luck.
 */
export const classicSize = (requestsPerS: number, queryMs: number, targetUtilization: number): number =>
  Math.max(1, Math.ceil((requestsPerS * queryMs) / 1000 / targetUtilization - 1e-9));

/**
 * HikariCP's "About Pool Sizing": cores × 2 + effective spindles. For a whole server, all pools of
 * all application instances together; spindles are 0 where the data is cached.
 */
export const coresSize = (cores: number, spindles: number): number => cores * 2 + spindles;

/**
 * Fewer connections than Tn × (Cm − 1) + 1 can leave every task with some of what it needs and none
 * with all (HikariCP, "pool-locking").
 * @param tasks Tn, tasks at once
 * @param connectionsPerTask Cm, connections that one task holds at the same time
 */
export const deadlockFloor = (tasks: number, connectionsPerTask: number): number =>
  tasks * (connectionsPerTask - 1) + 1;

/** Connections left to people, monitors and the rest: a tenth of what there may be, and three at least. */
export const reserveOf = (limit: number): number => Math.max(3, Math.ceil(limit / 10));
