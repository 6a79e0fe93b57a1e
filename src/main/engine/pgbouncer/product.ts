import type { PoolerProduct } from '#shared/model/pooler.ts';
import type { PoolerCommandKind } from '#shared/model/pooler-command.ts';

export interface Identity {
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
export function identityOf(...words: string[]): Identity | null {
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

const numberOf = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};

const ofPgbouncer: PoolerCommandKind[] = [
  'pause',
  'resume',
  'reconnect',
  'kill',
  'disable',
  'enable',
  'reload',
  'set',
];

/** The commands a pooler has, of those Poolscope knows. Sources: the consoles of each, by release. */
export function commandsOf({ product, version }: Identity): PoolerCommandKind[] {
  switch (product) {
    case 'pgbouncer':
      return numberOf(version) >= 1024 ? [...ofPgbouncer, 'killClient'] : ofPgbouncer;
    case 'pgcat':
      return ['pause', 'resume', 'reload'];
    case 'pgdog':
      return ['pause', 'resume', 'reconnect', 'reload'];
    case 'odyssey':
      return ['reload'];
    case 'other':
      return [];
  }
}
