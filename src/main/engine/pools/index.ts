export type { InstrumentedPool } from './instrumented-pool.ts';
export type { ConnectionConfig } from './metered-pool.ts';
export { createPools, type Pools } from './pools.ts';
export { createScratchPool, type ScratchPool } from './scratch-pool.ts';
export { endsSession } from './session-errors.ts';
export { logStatusChanges } from './status-log.ts';
