import type { PoolerProduct } from './pooler.ts';

export interface PoolerIdentity {
  product: PoolerProduct;
  version: string;
}

const patterns: [PoolerProduct, RegExp][] = [
  ['pgbouncer', /bouncer/i],
  ['pgcat', /pgcat/i],
  ['odyssey', /odyssey/i],
  ['pgdog', /pgdog/i],
];

/**
 * Which pooler this is, from its own words: `server_version` of the login, or the answer to SHOW
 * VERSION. Null when neither names one.
 */
export function identityOf(...words: string[]): PoolerIdentity | null {
  for (const text of words) {
    const known = patterns.find(([, pattern]) => pattern.test(text));
    if (known !== undefined) return { product: known[0], version: versionIn(text) };
  }
  return null;
}

/** "1.18.0" of "PgBouncer 1.18.0"; the text itself when it holds no number. */
export const versionIn = (text: string): string => /\d+(?:\.\d+)+\w*/.exec(text)?.[0] ?? text.trim();

/** What poolers call their console, unless told otherwise. */
const consoleNames = new Set(['pgbouncer', 'pgcat', 'pgdog', 'odyssey', 'console']);

/** Whether a profile of that database is asked first as a console. A wrong guess costs one more login. */
export const looksLikeConsole = (database: string): boolean => consoleNames.has(database);
