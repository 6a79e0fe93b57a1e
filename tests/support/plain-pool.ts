import type pg from 'pg';
import type { WorkloadPool } from '#engine/sample-database/workload.ts';

/** A plain `pg-pool` for the synthetic workload: by itself it would take a holder's label for a callback. */
export function withoutLabels(pool: pg.Pool): WorkloadPool {
  return { connect: () => pool.connect(), query: (text, values) => pool.query(text, values) };
}
