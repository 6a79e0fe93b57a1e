import type { QueuePrediction, Traffic } from './queue.ts';

/**
 * How far the waits of a run may lie from the true ones by chance alone in 19 of 20 runs, as a share of
 * them. The mean wait of n requests of an M/M/1 queue has the relative variance
 * (2 + 5ρ − 4ρ² + ρ³) / (ρ(1 − ρ)²n) (Daley 1968; Whitt 1989, "Planning queueing simulations"). For several
 * connections the share that waits stands for the ρ below the line, which in one queue is that share, and
 * (Ca² + Cs²)/2 makes of it what it is for other traffic in heavy load. Simulated runs with exact totals
 * keep to it within a fifth, the p95 too. Null where the queue has no steady state.
 */
export function scatterOf(
  { utilization, waitShare }: QueuePrediction,
  { arrivalCs2, holdCs2 }: Traffic,
  requests: number,
): number | null {
  if (utilization >= 1 || waitShare <= 0 || requests === 0) return null;
  const spread = 2 + 5 * utilization - 4 * utilization ** 2 + utilization ** 3;
  const variance = ((arrivalCs2 + holdCs2) / 2) * (spread / (waitShare * (1 - utilization) ** 2 * requests));
  return 1.96 * Math.sqrt(variance);
}
