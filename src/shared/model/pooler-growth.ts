import type { PoolerGrowth } from './pooler.ts';

export const growthNames = [
  'transactions',
  'queries',
  'receivedBytes',
  'sentBytes',
  'transactionMs',
  'queryMs',
  'waitMs',
  'waits',
] as const;
export type GrowthName = (typeof growthNames)[number];

/** A loop: this runs for every minute of a range. */
function growthOver(overMs: number, figureOf: (name: GrowthName) => number | null): PoolerGrowth {
  const growth = { overMs } as PoolerGrowth;
  for (const name of growthNames) growth[name] = figureOf(name);
  return growth;
}

export const noGrowth = (): PoolerGrowth => growthOver(0, () => null);

/** Of several databases in the same stretch of time, as far as they are known. */
export function growthTogether(databases: readonly PoolerGrowth[]): PoolerGrowth {
  const known = databases.filter(({ overMs }) => overMs > 0);
  return growthOver(Math.max(0, ...known.map(({ overMs }) => overMs)), (name) =>
    known.reduce<number | null>(
      (sum, { [name]: figure }) => (figure === null ? sum : (sum ?? 0) + figure),
      null,
    ),
  );
}

/** Of two stretches of time. A figure that one of them lacks is unknown: it would be too small for the time. */
export function growthInBoth(a: PoolerGrowth, b: PoolerGrowth): PoolerGrowth {
  if (a.overMs === 0) return b;
  if (b.overMs === 0) return a;
  return growthOver(a.overMs + b.overMs, (name) => {
    const [one, other] = [a[name], b[name]];
    return one === null || other === null ? null : one + other;
  });
}

/** Null when nothing is known. */
export function perSecond(growth: PoolerGrowth, name: GrowthName): number | null {
  const grown = growth[name];
  return grown === null || growth.overMs === 0 ? null : (grown / growth.overMs) * 1000;
}

/**
 * How many were at it at once, on average, even those that came and went between samples: server
 * connections in a transaction, clients in the queue. Δtime / Δt.
 */
export function atOnce(growth: PoolerGrowth, time: 'transactionMs' | 'waitMs'): number | null {
  const spent = growth[time];
  return spent === null || growth.overMs === 0 ? null : spent / growth.overMs;
}

/** Δtime / Δcount. Where nothing happened there is no mean, which is not the same as a mean of 0. */
export function meanMs(
  growth: PoolerGrowth,
  time: 'transactionMs' | 'queryMs' | 'waitMs',
  count: 'transactions' | 'queries' | 'waits',
): number | null {
  const [spent, times] = [growth[time], growth[count]];
  return spent === null || times === null || times === 0 ? null : spent / times;
}
