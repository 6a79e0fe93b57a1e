import type { PoolerTick } from '#shared/model/pooler.ts';

/** Rows of all remembered samples together; some tens of megabytes. A hundred databases fill it in 15 minutes. */
export const mostRememberedRows = 200_000;

const rowsIn = ({ pools, databases, growth }: PoolerTick): number =>
  1 + pools.length + databases.length + growth.length;

/** Lets go of samples from before `fromMs`, and of the oldest where the pooler has very many pools. Never of the last. */
export function forgetOld(ticks: PoolerTick[], fromMs: number): void {
  let rows = 0;
  let first = ticks.length;
  while (first > 0) {
    const tick = ticks[first - 1] as PoolerTick;
    rows += rowsIn(tick);
    if (first < ticks.length && (tick.atMs <= fromMs || rows > mostRememberedRows)) break;
    first -= 1;
  }
  ticks.splice(0, first);
}
