import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { PoolerGrowth } from '#shared/model/pooler.ts';
import { growthNames } from '#shared/model/pooler-growth.ts';
import {
  countNames,
  type PoolerCounts,
  type PoolerPoint,
  type PoolScope,
} from '#shared/model/pooler-point.ts';
import type { PoolerMinute } from './minute.ts';

type Figures = (number | null)[];

/** Thousandths are finer than anything that is drawn. */
const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 1000);

const timesAndCounts = ({ fromMs, atMs, busiest, maxwaitMs }: Omit<PoolerPoint, 'growth'>): Figures => [
  ...[fromMs, atMs, busiest.atMs].map(Math.round),
  rounded(maxwaitMs),
  ...countNames.map((name) => busiest[name]),
];

const growthFigures = (growth: PoolerGrowth): Figures => [
  rounded(growth.overMs),
  ...growthNames.map((name) => rounded(growth[name])),
];

function countsFrom(figures: Figures): Omit<PoolerPoint, 'growth'> {
  const [fromMs, atMs, busiestAtMs, maxwaitMs = null, ...counts] = figures;
  const busiest = { atMs: busiestAtMs ?? 0 } as PoolerCounts;
  for (const [place, name] of countNames.entries()) busiest[name] = counts[place] ?? null;
  return { fromMs: fromMs ?? 0, atMs: atMs ?? 0, busiest, maxwaitMs };
}

function growthFrom([overMs, ...figures]: Figures): PoolerGrowth {
  const growth = { overMs: overMs ?? 0 } as PoolerGrowth;
  for (const [place, name] of growthNames.entries()) growth[name] = figures[place] ?? null;
  return growth;
}

/**
 * A minute as bytes, figures by their place in the lists of names: new ones come at the end, and are
 * unknown in what was written before. The sum of all pools stands apart, since it is what is mostly asked for.
 */
export function packMinute({ total, pools, databases }: PoolerMinute): { total: Buffer; pools: Buffer } {
  const lines = [
    ...databases.map((growth) => [growth.database, ...growthFigures(growth)]),
    ...pools.map((pool) => [pool.database, pool.user, ...timesAndCounts(pool)]),
  ];
  return {
    total: Buffer.from(JSON.stringify([timesAndCounts(total), growthFigures(total.growth)])),
    pools: deflateRawSync(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`),
  };
}

/** @throws SyntaxError when it is damaged */
export function totalFrom(packed: Uint8Array): PoolerPoint {
  const [counts, growth] = JSON.parse(Buffer.from(packed).toString()) as [Figures, Figures];
  return { ...countsFrom(counts), growth: growthFrom(growth) };
}

/** @throws Error when it is damaged */
export function unpackMinute(packed: { total: Uint8Array; pools: Uint8Array }): PoolerMinute {
  const minute: PoolerMinute = { total: totalFrom(packed.total), pools: [], databases: [] };
  for (const line of inflateRawSync(packed.pools).toString().split('\n')) {
    if (line === '') continue;
    const [database, user, ...figures] = JSON.parse(line) as [string, string | number, ...Figures];
    if (typeof user === 'string') minute.pools.push({ database, user, ...countsFrom(figures) });
    else minute.databases.push({ database, ...growthFrom([user, ...figures]) });
  }
  return minute;
}

/** The names that begin a line: with its comma no name is the beginning of another. */
const beginOf = (names: string[]) => `\n${JSON.stringify(names).slice(0, -1)},`;

/** The figures of the line that begins with these names; null when there is none. */
function lineOf(lines: string, begin: string): Figures | null {
  const start = lines.indexOf(begin);
  if (start < 0) return null;
  const from = start + begin.length;
  return JSON.parse(`[${lines.slice(from, lines.indexOf('\n', from))}`) as Figures;
}

/**
 * Reads one pool out of many minutes without reading the others.
 * @throws Error when it is damaged
 */
export function poolReader({ database, user }: PoolScope): (packed: Uint8Array) => PoolerPoint | null {
  const poolBegin = beginOf([database ?? '', user ?? '']);
  const databaseBegin = beginOf([database ?? '']);
  return (packed) => {
    const lines = inflateRawSync(packed).toString();
    const pool = lineOf(lines, poolBegin);
    if (pool === null) return null;
    // Lines of databases come first; without one this is the line of a pool, which goes on with a user.
    const growth = lineOf(lines, databaseBegin);
    const isGrowth = growth !== null && typeof growth[0] === 'number';
    return { ...countsFrom(pool), growth: growthFrom(isGrowth ? growth : [0]) };
  };
}
