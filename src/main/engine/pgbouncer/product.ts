import type { PoolerCommandKind } from '#shared/model/pooler-command.ts';
import type { PoolerIdentity } from '#shared/model/pooler-identity.ts';

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
export function commandsOf({ product, version }: PoolerIdentity): PoolerCommandKind[] {
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
